package io.mammatus.pxe.tftp;

import java.io.ByteArrayOutputStream;

/**
 * The transfer mode netascii (RFC 1350, section 1, by way of RFC 764): a line ends in CR LF, and a
 * CR that is just that is followed by NUL.
 */
final class Netascii {

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
}
