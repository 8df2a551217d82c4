package io.mammatus.platform.bus;

import io.mammatus.protocols.agent.FrameCodec;
import java.time.Duration;

/**
 * What one end of a connection puts up with.
 *
 * @param frameBytes the longest frame that it takes
 * @param pending how many requests may wait for an answer, in each direction
 * @param patience how long an answer may take, and how long the peer may say nothing
 */
public record Limits(int frameBytes, int pending, Duration patience) {

  /** For a peer that showed a certificate. */
  public static final Limits MEMBER =
      new Limits(FrameCodec.MAX_FRAME_BYTES, 64, Duration.ofSeconds(15));

  /** For a peer that has not: it may ask for admission, and a signing request is short. */
  public static final Limits STRANGER = new Limits(16 * 1024, 4, Duration.ofSeconds(5));

  public Limits {
    if (frameBytes < 64 || frameBytes > FrameCodec.MAX_FRAME_BYTES || pending < 1) {
      throw new IllegalArgumentException("frames of 64 bytes to 4 MiB, and at least one pending");
    }
    if (patience.toMillis() < 30) {
      throw new IllegalArgumentException("a peer needs some time");
    }
  }
}
