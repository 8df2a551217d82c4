package io.mammatus.pxe.tftp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/** Serves the regular files below one folder, and nothing that a link or a name leads out of it. */
public final class FolderBootFiles implements BootFiles {

  private static final Pattern SEGMENTS =
      Pattern.compile("[A-Za-z0-9_+@-][A-Za-z0-9._+@-]*(/[A-Za-z0-9_+@-][A-Za-z0-9._+@-]*)*");

  private final Vertx vertx;
  private final Path root;

  public FolderBootFiles(Vertx vertx, Path root) {
    this.vertx = vertx;
    this.root = root;
  }

  @Override
  public Future<Optional<BootFile>> open(FileRequest request) {
    Optional<String> plain = plain(request.name());
    return plain.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : vertx
            .executeBlocking(() -> openBlocking(plain.get()), false)
            .map(Objects::requireNonNull);
  }

  /**
   * The name as a relative path, if it is one that is served. ROMs put a slash before it, GRUB two;
   * Windows' boot manager asks with backslashes.
   */
  static Optional<String> plain(String name) {
    String slashes = name.replace('\\', '/').replaceFirst("^/+", "");
    return slashes.length() <= 255 && SEGMENTS.matcher(slashes).matches()
        ? Optional.of(slashes)
        : Optional.empty();
  }

  private Optional<BootFile> openBlocking(String name) throws IOException {
    Path path = root.resolve(name);
    if (!Files.isRegularFile(path)) {
      return Optional.empty();
    }
    Path real = path.toRealPath();
    if (!real.startsWith(root.toRealPath())) {
      return Optional.empty();
    }
    FileChannel channel =
        FileChannel.open(real, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    try {
      return Optional.of(new ChannelFile(channel, channel.size()));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private record ChannelFile(FileChannel channel, long size) implements BootFile {

    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      long at = offset;
      while (target.hasRemaining()) {
        int read = channel.read(target, at);
        if (read < 0) {
          throw new EOFException("the file has become shorter while it was served");
        }
        at += read;
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException("closing a file that was only read", e);
      }
    }
  }
}
