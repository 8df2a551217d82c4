package io.mammatus.agent.lxd;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.resource.Blob;
import io.mammatus.platform.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Fetches files by their digest. The digest came over the authenticated connection, so the way of
 * the bytes need not be trusted. On a worker, with the JDK's plain client: it is small and starts
 * fast.
 */
final class BlobDownload {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Vertx vertx;
  private final Path folder;

  /**
   * An image's two files.
   *
   * @param fingerprint SHA-256 of the metadata and then the root: LXD's name for the two together
   *     (LXD's documentation, "Image format")
   */
  record ImageFiles(Path metadata, Path rootfs, String fingerprint) {}

  /**
   * @param folder for this alone: what else is in it goes away
   */
  BlobDownload(Vertx vertx, Path folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  /** The image's files; fails if what arrived is anything else. */
  Future<ImageFiles> fetch(String base, ImageDesired image) {
    return Blocking.call(
        vertx,
        () -> {
          Files.createDirectories(folder);
          MessageDigest both = sha256();
          Path metadata = fetchNow(base, image.metadata(), both);
          Path rootfs = fetchNow(base, image.rootfs(), both);
          return new ImageFiles(metadata, rootfs, hex(both));
        });
  }

  /** Removes all downloads, whole or cut short. */
  Future<Void> discard() {
    return Blocking.run(
        vertx,
        () -> {
          if (Files.isDirectory(folder)) {
            for (Path file : list(folder)) {
              Files.deleteIfExists(file);
            }
          }
        });
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private Path fetchNow(String base, Blob blob, MessageDigest both) throws IOException {
    Path part = folder.resolve(blob.sha256() + ".part");
    HttpURLConnection connection =
        (HttpURLConnection) URI.create(base + blob.sha256()).toURL().openConnection();
    connection.setConnectTimeout(TIMEOUT_MILLIS);
    connection.setReadTimeout(TIMEOUT_MILLIS);
    try {
      if (connection.getResponseCode() != 200) {
        throw new IOException(
            "the file %s is not served: HTTP %d"
                .formatted(blob.sha256(), connection.getResponseCode()));
      }
      String digest = copy(connection.getInputStream(), part, blob.bytes(), both);
      if (!digest.equals(blob.sha256())) {
        throw new IOException("what arrived for %s has digest %s".formatted(blob.sha256(), digest));
      }
      return part;
    } finally {
      connection.disconnect();
    }
  }

  private static String copy(InputStream in, Path file, long limit, MessageDigest both)
      throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    long total = 0;
    try (InputStream source = in;
        OutputStream out = Files.newOutputStream(file)) {
      for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
        total += n;
        if (total > limit) {
          throw new IOException("more bytes arrived than the file has");
        }
        digest.update(buffer, 0, n);
        both.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return hex(digest);
  }

  private static String hex(MessageDigest digest) {
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
