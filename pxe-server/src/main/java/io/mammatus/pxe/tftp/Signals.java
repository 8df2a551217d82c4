package io.mammatus.pxe.tftp;

import org.jspecify.annotations.Nullable;

/** What a transfer's thread and the others tell each other. */
final class Signals {

  /** Why it is to end, if it is. */
  volatile @Nullable String stopped;

  /** When anything came, as {@link System#nanoTime} has it. */
  volatile long heardAt;

  /** Whether the client has ever answered. */
  volatile boolean heard;

  volatile boolean over;
}
