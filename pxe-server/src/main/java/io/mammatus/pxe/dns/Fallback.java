package io.mammatus.pxe.dns;

import java.util.Optional;

/** The name server that is asked when none of the others answers, or {@code none}. */
public record Fallback(Optional<Upstream> upstream) {

  private static final String NONE = "none";

  /**
   * Reads {@code none}, or what {@link Upstream#parse} reads.
   *
   * @throws IllegalArgumentException if the text is anything else
   */
  public static Fallback parse(String text) {
    return new Fallback(text.equals(NONE) ? Optional.empty() : Optional.of(Upstream.parse(text)));
  }

  @Override
  public String toString() {
    return upstream.map(Upstream::toString).orElse(NONE);
  }
}
