package io.mammatus.store;

/** The store cannot be used as it is; the message says what an operator can do. */
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public StoreException(String message) {
    super(message);
  }
}
