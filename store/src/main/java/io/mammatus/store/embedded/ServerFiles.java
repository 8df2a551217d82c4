package io.mammatus.store.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileOwnerAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The files that make a server ours: its cluster, its settings, who may connect. */
final class ServerFiles {

  /** Only part of the socket's name: the server listens on no TCP port. */
  static final int PORT = 5432;

  /** The only role; the peer authentication of the operating system says who may be it. */
  static final String ROLE = "mammatus";

  private static final Duration INITDB_LIMIT = Duration.ofMinutes(3);

  private ServerFiles() {}

  /** Makes the cluster unless it is there; a half-made one of a killed process is made anew. */
  static void initialise(EmbeddedSettings settings, Binaries binaries, ServerUser user)
      throws IOException {
    if (Files.exists(settings.data().resolve("PG_VERSION"))) {
      return;
    }
    Path fresh = settings.folder().resolve("data.new");
    deleteTree(fresh);
    user.privateFolder(fresh);
    Processes.Result result =
        Processes.run(
            user.command(
                binaries.program("initdb"),
                "--pgdata=" + fresh,
                "--username=" + ROLE,
                "--auth-local=peer",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--wal-segsize=4",
                "--no-instructions"),
            settings.folder(),
            INITDB_LIMIT);
    if (result.failed()) {
      throw new EmbeddedException("initdb failed: " + result.output());
    }
    Files.move(fresh, settings.data(), StandardCopyOption.ATOMIC_MOVE);
    sync(settings.folder());
  }

  /**
   * Writes the settings.
   *
   * @return whether a running server has other ones and must be started anew
   */
  static boolean configure(EmbeddedSettings settings, ServerUser user) throws IOException {
    Path data = settings.data();
    Map<Path, String> files =
        Map.of(
            data.resolve("postgresql.conf"), postgresqlConf(settings),
            data.resolve("pg_hba.conf"), "local all " + ROLE + " peer map=owner\n",
            data.resolve("pg_ident.conf"), pgIdent(user));
    boolean changed = false;
    for (Map.Entry<Path, String> file : files.entrySet()) {
      if (!Files.readString(file.getKey()).equals(file.getValue())) {
        // As root in a folder of another user: never through a link that he may have put there.
        Files.writeString(
            file.getKey(),
            file.getValue(),
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING,
            LinkOption.NOFOLLOW_LINKS);
        changed = true;
      }
    }
    return changed;
  }

  /**
   * Who of this machine may be the role: the server's user, which is also the cloud's unless that
   * is root, and root, who replaces a lost token. Neither gains by it: the one owns the files, the
   * other owns the machine. The same whoever starts the server, so that it is adopted as it runs.
   */
  static String pgIdent(ServerUser user) {
    return "owner root " + ROLE + "\nowner " + quoted(user.name()) + " " + ROLE + "\n";
  }

  /** Root in a folder of another user: what root made there is his, whose process needs it next. */
  static void handOver(Path made) throws IOException {
    UserPrincipal owner = Files.getOwner(Objects.requireNonNull(made.getParent(), "not the root"));
    if (!Files.getOwner(made, LinkOption.NOFOLLOW_LINKS).equals(owner)) {
      Files.getFileAttributeView(made, FileOwnerAttributeView.class, LinkOption.NOFOLLOW_LINKS)
          .setOwner(owner);
    }
  }

  /**
   * Root must not be led: what a link of somebody else's points to would become the server's. Links
   * that root made are fine.
   */
  static void refuseForeignLink(Path path) throws IOException {
    if (Files.isSymbolicLink(path)) {
      String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
      if (!owner.equals("root") && !owner.equals(ServerUser.self())) {
        throw new EmbeddedException(
            "%s is a link that %s made: put a folder in its place, or do this as %s"
                .formatted(path, owner, owner));
      }
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** Durable first, then small: an old machine shares its memory with what it boots. */
  private static String postgresqlConf(EmbeddedSettings settings) {
    return """
    # Written by Mammatus at each start; changes here are lost.
    listen_addresses = ''
    port = %d
    unix_socket_directories = '%s'
    fsync = on
    synchronous_commit = on
    full_page_writes = on
    wal_level = replica
    max_wal_senders = 2
    max_connections = 40
    shared_buffers = 32MB
    work_mem = 2MB
    maintenance_work_mem = 16MB
    effective_cache_size = 128MB
    wal_buffers = 1MB
    min_wal_size = 16MB
    max_wal_size = 128MB
    jit = off
    # No worker processes for input and output, or for parallel queries: each costs megabytes.
    io_method = sync
    max_worker_processes = 2
    max_parallel_workers = 0
    max_parallel_workers_per_gather = 0
    max_logical_replication_workers = 0
    autovacuum = on
    autovacuum_max_workers = 1
    autovacuum_worker_slots = 1
    # A client that hangs within a transaction must not hold the log's head for ever.
    idle_in_transaction_session_timeout = 60s
    timezone = 'UTC'
    log_timezone = 'UTC'
    log_line_prefix = '%%m [%%p] '
    log_checkpoints = off
    """
        .formatted(PORT, settings.run().toString().replace("'", "''"));
  }

  /** A folder that the server's user can enter, whatever our umask; one that is there stays. */
  static Path openFolder(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (!Files.isDirectory(folder)) {
      if (parent != null) {
        openFolder(parent);
      }
      Files.createDirectories(folder);
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return folder;
  }

  static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(root)) {
      tree.sorted(Comparator.reverseOrder())
          .forEach(path -> {
            try {
              Files.delete(path);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  /** Makes a rename in a folder durable. */
  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
