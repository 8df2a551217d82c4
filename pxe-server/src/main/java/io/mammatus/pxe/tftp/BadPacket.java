package io.mammatus.pxe.tftp;

import java.util.Locale;

/**
 * What comes to a transfer's port and is of no use. What comes from another address or port than
 * the client's is not among it: the kernel gives that to nobody, and tells the sender so.
 */
enum BadPacket {
  /** Nobody can read it. */
  MALFORMED,
  /** A request or data where an acknowledgement belongs. */
  NOT_AN_ACKNOWLEDGEMENT,
  /** Of a block that was not sent yet. */
  ACK_AHEAD,
  /** Of a block, when it was told of options. */
  ACK_BEFORE_OPTIONS;

  /** Fit for a metric's label. */
  String reason() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
