package io.mammatus.platform.bus;

/** What became of a request: a value, never an exception. */
public sealed interface Reply {

  /** The actor where nobody has to do anything but try again. */
  String NOBODY = "nobody-retry";

  /** It was done; the body answers it. */
  record Ok(byte[] body) implements Reply {}

  /**
   * It was not.
   *
   * @param code stable, such as {@code busy}, {@code timeout}, {@code closed}, {@code forbidden}
   * @param message one sentence
   * @param actor who can change that: {@code caller}, {@code operator}, {@code nobody-retry}
   */
  record Failed(String code, String message, String actor) implements Reply {}

  static Reply ok() {
    return new Ok(new byte[0]);
  }

  static Reply retry(String code, String message) {
    return new Failed(code, message, NOBODY);
  }
}
