package io.mammatus.agent.lxd;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.resource.Blob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The smallest container image: busybox, and an init that does nothing but end when it is told to.
 * Its files are published under their digests, as the control plane does it.
 */
final class TinyImage {

  private static final String INIT =
      """
      #!/bin/sh
      # LXD asks a container to stop by SIGPWR
      trap 'exit 0' PWR TERM
      while :; do sleep 1000 & wait $!; done
      """;

  private static final String METADATA =
      """
      architecture: x86_64
      creation_date: 1
      properties: {name: %s}
      templates: {}
      """;

  private TinyImage() {}

  /**
   * @param name in its metadata, too: of another name it is another image
   * @param scratch for what it is made of
   * @param published where its two files go
   */
  static ImageDesired make(String name, Path scratch, Path published) throws IOException {
    Path root = scratch.resolve("root");
    for (String folder : List.of("bin", "sbin", "dev", "proc", "sys", "etc", "tmp", "run")) {
      Files.createDirectories(root.resolve(folder));
    }
    addBusybox(root);
    for (String command : List.of("sh", "sleep")) {
      Files.createSymbolicLink(root.resolve("bin").resolve(command), Path.of("busybox"));
    }
    Path init = root.resolve("sbin/init");
    Files.writeString(init, INIT);
    Shell.run("chmod", "755", init.toString());
    Path rootfs = scratch.resolve("rootfs.squashfs");
    Shell.run(
        "mksquashfs", root.toString(), rootfs.toString(), "-all-root", "-noappend", "-no-progress");
    Files.writeString(scratch.resolve("metadata.yaml"), METADATA.formatted(name));
    Path metadata = scratch.resolve("metadata.tar.gz");
    Shell.run("tar", "-czf", metadata.toString(), "-C", scratch.toString(), "metadata.yaml");
    return new ImageDesired(name, "1", publish(metadata, published), publish(rootfs, published));
  }

  /** With the libraries that it may want: Debian has it with and without. */
  private static void addBusybox(Path root) throws IOException {
    copy(Path.of("/bin/busybox"), root.resolve("bin/busybox"));
    // a static one makes ldd fail, and wants nothing
    String wants = Shell.run("sh", "-c", "ldd /bin/busybox || true");
    for (String word : wants.split("\\s+")) {
      if (word.startsWith("/lib")) {
        copy(Path.of(word), root.resolve(word.substring(1)));
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
  }

  private static Blob publish(Path file, Path published) throws IOException {
    String digest = sha256(Files.readAllBytes(file));
    Files.copy(file, published.resolve(digest), StandardCopyOption.REPLACE_EXISTING);
    return new Blob(digest, Files.size(file));
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
