package io.mammatus.lab.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;

/** Files without any pattern, the same in every run. */
final class BenchFiles {

  private BenchFiles() {}

  /**
   * Writes one.
   *
   * @return its SHA-256 in hexadecimal
   */
  static String random(Path file, long size) throws IOException {
    Random random = new Random(size);
    byte[] chunk = new byte[1 << 20];
    MessageDigest digest = sha256();
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = size; left > 0; left -= chunk.length) {
        random.nextBytes(chunk);
        int length = (int) Math.min(left, chunk.length);
        out.write(chunk, 0, length);
        digest.update(chunk, 0, length);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
