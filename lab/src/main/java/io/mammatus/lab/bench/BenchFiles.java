package io.mammatus.lab.bench;

import io.mammatus.pxe.httpboot.NodeImage;
import io.mammatus.pxe.httpboot.NodeImageManifest;
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

  /**
   * Writes a node image whose files are what its manifest says.
   *
   * @return the root's SHA-256
   */
  static String image(
      Path folder, String version, long kernelBytes, long initrdBytes, long rootBytes)
      throws IOException {
    Files.createDirectories(folder);
    String root = random(folder.resolve(NodeImage.ROOT), rootBytes);
    String kernel = random(folder.resolve(NodeImage.KERNEL), kernelBytes);
    String initrd = random(folder.resolve(NodeImage.INITRD), initrdBytes);
    Files.writeString(
        folder.resolve(NodeImageManifest.FILE),
        """
        {"kind": "node", "version": "%s", "kernelArguments": "",
         "files": {"root.squashfs": {"sha256": "%s", "bytes": %d},
                   "vmlinuz": {"sha256": "%s", "bytes": %d},
                   "initrd.img": {"sha256": "%s", "bytes": %d}}}
        """
            .formatted(version, root, rootBytes, kernel, kernelBytes, initrd, initrdBytes));
    return root;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
