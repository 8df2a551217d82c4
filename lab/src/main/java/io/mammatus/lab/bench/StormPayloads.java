package io.mammatus.lab.bench;

import io.mammatus.pxe.httpboot.NodeImage;
import io.mammatus.pxe.httpboot.NodeImageManifest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What each machine has to come by, by the image store's own digests; as long as the loader and the
 * node image that the project builds.
 *
 * @param rootPartDigest of the first {@link #ROOT_PART} octets of the root
 */
record StormPayloads(
    String loaderDigest,
    int loaderBytes,
    String kernelDigest,
    String initrdDigest,
    String rootDigest,
    String rootPartDigest) {

  static final String LOADER = "snponly.efi";
  static final int ROOT_PART = 1 << 20;

  private static final String VERSION = "bench";
  private static final int LOADER_BYTES = 173_792;
  private static final int KERNEL_BYTES = 14_186_432;
  private static final int INITRD_BYTES = 6_992_368;
  private static final long ROOT_BYTES = 165L << 20;

  /** Octets that a machine fetches in all, but for its script. */
  static final long BYTES_A_MACHINE = LOADER_BYTES + KERNEL_BYTES + INITRD_BYTES + ROOT_PART;

  /** Puts them where a cloud serves them. */
  static void write(Path loaders, Path images) throws IOException {
    Files.createDirectories(loaders);
    BenchFiles.random(loaders.resolve(LOADER), LOADER_BYTES);
    BenchFiles.random(loaders.resolve("undionly.kpxe"), LOADER_BYTES);
    BenchFiles.image(
        images.resolve("node").resolve(VERSION), VERSION, KERNEL_BYTES, INITRD_BYTES, ROOT_BYTES);
  }

  /** Reads the store, whose files have to be what its manifest says. */
  static StormPayloads read(Path loaders, Path images) throws IOException {
    NodeImage image = NodeImageManifest.read(images.resolve("node").resolve(VERSION));
    Optional<String> wrong = NodeImageManifest.firstWrongFile(image);
    if (wrong.isPresent()) {
      throw new IOException(wrong.get() + " is not what the manifest says");
    }
    byte[] loader = Files.readAllBytes(loaders.resolve(LOADER));
    try (InputStream root = Files.newInputStream(image.folder().resolve(NodeImage.ROOT))) {
      return new StormPayloads(
          sha256(loader),
          loader.length,
          digest(image, NodeImage.KERNEL),
          digest(image, NodeImage.INITRD),
          digest(image, NodeImage.ROOT),
          sha256(root.readNBytes(ROOT_PART)));
    }
  }

  private static String digest(NodeImage image, String name) {
    return image.file(name).orElseThrow().sha256();
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
