package io.mammatus.protocols;

import java.util.Optional;
import java.util.function.Function;

/**
 * What a decoder makes of bytes from the wire: a value, or where and why it gave up.
 *
 * <p>Something absent is not malformed: fields that may be missing are {@link Optional} in the
 * decoded record, and only bytes that contradict the protocol become a {@link DecodeError}.
 */
public sealed interface Decoded<T> {

  /** The bytes made sense. */
  record Ok<T>(T value) implements Decoded<T> {}

  /**
   * The bytes contradict the protocol.
   *
   * @param offset the octet, counted from the start of the packet, at which that became certain
   * @param reason a short phrase without anything taken from the packet, fit for a counter's label
   */
  record DecodeError<T>(int offset, String reason) implements Decoded<T> {

    /** The same error for a decoder of something that contains this. */
    public <U> DecodeError<U> of() {
      return new DecodeError<>(offset, reason);
    }
  }

  static <T> Decoded<T> ok(T value) {
    return new Ok<>(value);
  }

  static <T> Decoded<T> error(int offset, String reason) {
    return new DecodeError<>(offset, reason);
  }

  default <U> Decoded<U> map(Function<? super T, ? extends U> function) {
    return switch (this) {
      case Ok<T> ok -> new Ok<>(function.apply(ok.value));
      case DecodeError<T> error -> error.of();
    };
  }
}
