package io.mammatus.pxe.tftp;

import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

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

  /** The file as netascii has it, held in memory; fails if it is longer than {@link #MAX_SIZE}. */
  static Future<BootFile> of(BootFile file) {
    if (file.size() > MAX_SIZE) {
      return Future.failedFuture(new IllegalArgumentException("too long for netascii"));
    }
    return file.read(0, (int) file.size()).map(text -> new Converted(file, encode(text)));
  }

  private record Converted(BootFile file, byte[] octets) implements BootFile {
    @Override
    public long size() {
      return octets.length;
    }

    @Override
    public Future<byte[]> read(long offset, int length) {
      return Future.succeededFuture(
          Arrays.copyOfRange(octets, (int) offset, (int) offset + length));
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
