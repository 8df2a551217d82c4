package io.mammatus.agent.lxd;

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
import java.util.Set;

/**
 * Fetches files by their digest. The digest came over the authenticated connection, so the way of
 * the bytes need not be trusted. On a worker, with the JDK's plain client: it is small and starts
 * fast.
 */
final class BlobDownload {

  private static final int TIMEOUT_MILLIS = 20_000;

  private final Vertx vertx;
  private final Path folder;

  BlobDownload(Vertx vertx, Path folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  /** The file with this content; fails if what arrived is anything else. */
  Future<Path> fetch(String base, Blob blob) {
    return Blocking.call(vertx, () -> fetchNow(base, blob));
  }

  /** Removes downloads that are not needed any more. */
  Future<Void> discard(Set<Path> files) {
    return Blocking.run(
        vertx,
        () -> {
          for (Path file : files) {
            Files.deleteIfExists(file);
          }
        });
  }

  private Path fetchNow(String base, Blob blob) throws IOException {
    Files.createDirectories(folder);
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
      String digest = copy(connection.getInputStream(), part, blob.bytes());
      if (!digest.equals(blob.sha256())) {
        throw new IOException("what arrived for %s has digest %s".formatted(blob.sha256(), digest));
      }
      return part;
    } finally {
      connection.disconnect();
    }
  }

  private static String copy(InputStream in, Path file, long limit) throws IOException {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
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
        out.write(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
