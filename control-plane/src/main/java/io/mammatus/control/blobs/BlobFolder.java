package io.mammatus.control.blobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * The folder of files by digest.
 *
 * @param path each file in it is called by its SHA-256, 64 lower-case hexadecimal digits
 */
public record BlobFolder(Path path) {

  /** The folder in the one that the configuration names. */
  public static BlobFolder in(Path blobs) {
    return new BlobFolder(blobs.resolve("sha256"));
  }

  public Path file(String digest) {
    return path.resolve(digest);
  }

  /** Whether it is there. Who asks is about to name it in an image: it is kept for that. */
  public boolean has(String digest) throws IOException {
    Path file = file(digest);
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try {
      Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      return true;
    } catch (NoSuchFileException e) {
      return false; // removed at this moment
    }
  }
}
