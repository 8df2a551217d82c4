package io.mammatus.pxe.httpboot;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Files that are served stay open for a minute, for all who fetch them meanwhile: opening one is
 * work for another thread, and the way there and back costs more than the first octets do. What was
 * once opened is also what goes on being served under that key, whatever becomes of its name.
 * Thread-safe: connections live on several event loops.
 */
final class OpenFiles {

  private static final long SWEEP_MILLIS = 10_000;
  private static final long IDLE_NANOS = 60_000_000_000L;

  /** An image has three files, and few images are booted at a time. */
  private static final int KEPT = 32;

  private final Vertx vertx;
  private final long timer;
  // Guarded by this; least recently used first.
  private final Map<Key, Shared> open = new LinkedHashMap<>(16, 0.75f, true);

  /** A content, not a name: another content has another key. */
  private record Key(Path path, String key) {}

  private static final class Shared {
    final FileChannel file;
    int users;
    long idleSince;
    boolean kept = true;

    Shared(FileChannel file) {
      this.file = file;
    }
  }

  OpenFiles(Vertx vertx) {
    this.vertx = vertx;
    this.timer = vertx.setPeriodic(SWEEP_MILLIS, _ -> sweep(System.nanoTime()));
  }

  /** A file that stays open until it is let go. */
  final class Hold {
    private final Shared shared;
    private boolean over;

    private Hold(Shared shared) {
      this.shared = shared;
    }

    FileChannel file() {
      return shared.file;
    }

    /** Nothing happens the second time. */
    void letGo() {
      if (!over) {
        over = true;
        OpenFiles.this.letGo(shared);
      }
    }
  }

  /**
   * Completes at once if it is open, else when a worker has opened it.
   *
   * @param key tells this content from any other that the path ever had
   */
  Future<Hold> hold(Path path, String key) {
    Key name = new Key(path, key);
    Hold known = known(name);
    return known != null
        ? Future.succeededFuture(known)
        : vertx
            .executeBlocking(() -> FileChannel.open(path, StandardOpenOption.READ), false)
            .map(file -> opened(name, Objects.requireNonNull(file)));
  }

  private synchronized @Nullable Hold known(Key name) {
    Shared shared = open.get(name);
    if (shared == null) {
      return null;
    }
    shared.users++;
    return new Hold(shared);
  }

  /** Of two that were opened at once, the first is kept. */
  private synchronized Hold opened(Key name, FileChannel file) {
    Shared shared = new Shared(file);
    shared.users = 1;
    shared.kept = open.putIfAbsent(name, shared) == null;
    if (open.size() > KEPT) {
      drop(open.entrySet().iterator());
    }
    return new Hold(shared);
  }

  private synchronized void letGo(Shared shared) {
    shared.users--;
    shared.idleSince = System.nanoTime();
    closeUnused(shared);
  }

  private synchronized void sweep(long now) {
    Iterator<Map.Entry<Key, Shared>> all = open.entrySet().iterator();
    while (all.hasNext()) {
      Shared shared = all.next().getValue();
      if (shared.users == 0 && now - shared.idleSince > IDLE_NANOS) {
        all.remove();
        shared.kept = false;
        closeUnused(shared);
      }
    }
  }

  private static void drop(Iterator<Map.Entry<Key, Shared>> all) {
    Shared oldest = all.next().getValue();
    all.remove();
    oldest.kept = false;
    closeUnused(oldest);
  }

  private static void closeUnused(Shared shared) {
    if (!shared.kept && shared.users == 0) {
      try {
        shared.file.close();
      } catch (IOException e) {
        throw new UncheckedIOException("closing a file that was only read", e);
      }
    }
  }

  /** Those in use are closed by their last users. */
  synchronized void close() {
    vertx.cancelTimer(timer);
    while (!open.isEmpty()) {
      drop(open.entrySet().iterator());
    }
  }
}
