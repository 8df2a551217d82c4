package io.mammatus.store.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the embedded server lives.
 *
 * @param folder holds everything of it: data, socket, log and, unless given apart, the binaries
 * @param binaries where the binaries are unpacked, one folder per build of them
 * @param user the system user that it runs as when this process is root; otherwise the owner of the
 *     data, else the first that exists of mammatus, postgres, nobody
 */
public record EmbeddedSettings(Path folder, Path binaries, Optional<String> user) {

  /** The kernel's sockaddr_un has 108 bytes, the last of them zero (unix(7)). */
  private static final int MAX_SOCKET_PATH = 107;

  public EmbeddedSettings {
    folder = folder.toAbsolutePath().normalize();
    binaries = binaries.toAbsolutePath().normalize();
    int length = socket(folder).toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > MAX_SOCKET_PATH) {
      throw new IllegalArgumentException(
          "the path of the data folder is %d bytes too long for a unix socket in it: %s"
              .formatted(length - MAX_SOCKET_PATH, folder));
    }
  }

  public EmbeddedSettings(Path folder) {
    this(folder, folder.resolve("binaries"), Optional.empty());
  }

  /** The same, made and without symbolic links: the kernel tells a process's folder that way. */
  EmbeddedSettings resolved() throws IOException {
    ServerFiles.refuseForeignLink(folder);
    Path real = ServerFiles.openFolder(folder).toRealPath();
    Path programs = ServerFiles.openFolder(binaries).toRealPath();
    return new EmbeddedSettings(real, programs, user);
  }

  Path data() {
    return folder.resolve("data");
  }

  Path run() {
    return folder.resolve("run");
  }

  Path log() {
    return folder.resolve("log");
  }

  /** The socket that the server listens on. */
  public Path socket() {
    return socket(folder);
  }

  private static Path socket(Path folder) {
    return folder.resolve("run").resolve(".s.PGSQL." + ServerFiles.PORT);
  }
}
