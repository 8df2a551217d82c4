package io.mammatus.pxe.httpboot;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/** The boot loaders that are also served over HTTP: regular files directly in one folder. */
public final class LoaderFolder {

  private final Vertx vertx;
  private final Path folder;

  /**
   * A file that is there.
   *
   * @param key what tells it from any other that was ever under its name: the time of its last
   *     change and its inode
   */
  public record Loader(Path path, long bytes, Instant modified, String key) {}

  public LoaderFolder(Vertx vertx, Path folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  /**
   * @param name a plain file name, without slashes
   * @return empty if there is none, or a link leads it out of the folder
   */
  public Future<Optional<Loader>> find(String name) {
    return vertx.executeBlocking(() -> findBlocking(name), false).map(Objects::requireNonNull);
  }

  private Optional<Loader> findBlocking(String name) throws IOException {
    Path path = folder.resolve(name);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    Path real = path.toRealPath();
    return real.startsWith(folder.toRealPath()) ? Optional.of(loader(real)) : Optional.empty();
  }

  private static Loader loader(Path path) throws IOException {
    BasicFileAttributes is = Files.readAttributes(path, BasicFileAttributes.class);
    Instant modified = is.lastModifiedTime().toInstant();
    String key =
        "%x-%x-%x"
            .formatted(
                modified.getEpochSecond() * 1_000_000_000L + modified.getNano(),
                is.size(),
                String.valueOf(is.fileKey()).hashCode());
    return new Loader(path, is.size(), modified, key);
  }
}
