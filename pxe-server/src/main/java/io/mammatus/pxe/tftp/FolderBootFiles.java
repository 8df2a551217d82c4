package io.mammatus.pxe.tftp;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.EOFException;
import java.io.IOException;
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
  public Future<Optional<BootFile>> open(String name) {
    Optional<String> plain = plain(name);
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

  private final class ChannelFile implements BootFile {
    private final FileChannel channel;
    private final long size;

    ChannelFile(FileChannel channel, long size) {
      this.channel = channel;
      this.size = size;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public Future<byte[]> read(long offset, int length) {
      return vertx
          .executeBlocking(() -> readBlocking(offset, length), false)
          .map(Objects::requireNonNull);
    }

    private byte[] readBlocking(long offset, int length) throws IOException {
      ByteBuffer octets = ByteBuffer.allocate(length);
      while (octets.hasRemaining()) {
        if (channel.read(octets, offset + octets.position()) < 0) {
          throw new EOFException("the file has become shorter while it was served");
        }
      }
      return octets.array();
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("closing a file that was only read", e);
      }
    }
  }
}
