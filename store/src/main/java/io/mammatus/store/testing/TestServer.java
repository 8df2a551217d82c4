package io.mammatus.store.testing;

import io.mammatus.store.embedded.EmbeddedPostgres;
import io.mammatus.store.embedded.EmbeddedSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The embedded server that all tests of a JVM share; it ends with the JVM. Its folders lie in the
 * system's folder for temporary files, because the server's user must reach them.
 */
public final class TestServer {

  private static final class Holder {
    static final EmbeddedPostgres SERVER = start();
  }

  private TestServer() {}

  public static EmbeddedPostgres shared() {
    return Holder.SERVER;
  }

  /** Settings for a server of a test's own, in a new folder. */
  public static EmbeddedSettings settings() {
    try {
      return new EmbeddedSettings(
          reachable(Files.createTempDirectory(base(), "pg")),
          base().resolve("binaries"),
          Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Removes a folder that {@link #settings} made. */
  public static void delete(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.sorted(Comparator.reverseOrder()).forEach(TestServer::deleteOne);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void deleteOne(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One per user, so that nobody else's programs are run; the binaries in it are kept. */
  private static Path base() throws IOException {
    String user = System.getProperty("user.name");
    Path base = Path.of(System.getProperty("java.io.tmpdir"), "mammatus-test-" + user);
    Files.createDirectories(base);
    if (!Files.getOwner(base).getName().equals(user)) {
      throw new IOException(base + " belongs to somebody else");
    }
    return reachable(base);
  }

  private static Path reachable(Path folder) throws IOException {
    return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static EmbeddedPostgres start() {
    EmbeddedSettings settings = settings();
    EmbeddedPostgres server = EmbeddedPostgres.start(settings);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              server.close();
              delete(settings.folder());
            }));
    return server;
  }
}
