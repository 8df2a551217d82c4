package io.mammatus.control.write;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Who asks, and why: what the log says of it.
 *
 * @param actor {@code admin}, {@code node:NAME}, {@code planner} …
 * @param cause what it answers
 * @param traceId 32 hexadecimal digits (W3C Trace Context)
 */
public record Origin(String actor, String cause, String traceId) {

  /** With a trace of its own. */
  public static Origin of(String actor, String cause) {
    byte[] id = new byte[16];
    ThreadLocalRandom.current().nextBytes(id);
    return new Origin(actor, cause, HexFormat.of().formatHex(id));
  }
}
