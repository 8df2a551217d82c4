package io.mammatus.pxe.tftp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The transfer mode netascii (RFC 1350, section 1, by way of RFC 764): a line ends in CR LF, and a
 * CR that is just that is followed by NUL.
 */
final class Netascii {

  /** Text is small: it is converted as a whole, so that its length is known beforehand. */
  static final int MAX_SIZE = 1 << 20;

  private Netascii() {}

  static byte[] encode(byte[] text) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length + text.length / 16);
    for (byte octet : text) {
      if (octet == '\n') {
        octets.write('\r');
        octets.write('\n');
      } else if (octet == '\r') {
        octets.write('\r');
        octets.write(0);
      } else {
        octets.write(octet);
      }
    }
    return octets.toByteArray();
  }

  /**
   * The file as netascii has it, held in memory; the file itself is closed. Blocks.
   *
   * @throws IOException if it cannot be read, or is longer than {@link #MAX_SIZE}
   */
  static BootFile of(BootFile file) throws IOException {
    try {
      if (file.size() > MAX_SIZE) {
        throw new IOException("too long for netascii");
      }
      ByteBuffer text = ByteBuffer.allocate((int) file.size());
      file.read(0, text);
      return new OctetsFile(encode(text.array()));
    } finally {
      file.close();
    }
  }
}
