package io.mammatus.store.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once per build of them from the archive on the class path. */
final class Binaries {

  private static final Set<PosixFilePermission> PROGRAM =
      PosixFilePermissions.fromString("rwxr-xr-x");
  private static final Set<PosixFilePermission> PLAIN =
      PosixFilePermissions.fromString("rw-r--r--");

  private final Path home;

  private Binaries(Path home) {
    this.home = home;
  }

  Path program(String name) {
    return home.resolve("bin").resolve(name);
  }

  /**
   * Unpacks unless that was done before. Several processes may do so at once: each unpacks beside
   * the target and the first rename wins.
   */
  static Binaries unpack(Path folder) {
    String archive = "/postgres-linux-" + architecture() + ".txz";
    try {
      Path home = folder.resolve("postgres-" + digest(archive));
      if (!Files.isDirectory(home)) {
        ServerFiles.openFolder(folder);
        Path beside = Files.createTempDirectory(folder, ".unpack-");
        Files.setPosixFilePermissions(beside, PROGRAM);
        extract(archive, beside);
        publish(beside, home);
      }
      return new Binaries(home);
    } catch (IOException e) {
      throw new EmbeddedException("cannot unpack PostgreSQL into " + folder, e);
    }
  }

  private static void publish(Path beside, Path home) throws IOException {
    try {
      Files.move(beside, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      ServerFiles.deleteTree(beside); // another process was faster
    } catch (java.nio.file.FileSystemException e) {
      if (!Files.isDirectory(home)) {
        throw e;
      }
      ServerFiles.deleteTree(beside); // the same, as some file systems say it
    }
  }

  private static String architecture() {
    String arch = System.getProperty("os.arch");
    return switch (arch) {
      case "amd64", "x86_64" -> "x86_64";
      case "aarch64" -> "arm_64";
      default ->
          throw new EmbeddedException(
              "there is no embedded PostgreSQL for " + arch + ": configure an external one");
    };
  }

  private static InputStream open(String archive) {
    InputStream in = Binaries.class.getResourceAsStream(archive);
    if (in == null) {
      throw new EmbeddedException(
          archive + " is not on the class path: add its jar or configure an external PostgreSQL");
    }
    return in;
  }

  private static String digest(String archive) throws IOException {
    try (InputStream in = open(archive)) {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(sha256.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  private static void extract(String archive, Path target) throws IOException {
    try (InputStream in = open(archive);
        TarArchiveInputStream tar =
            new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(in)))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path file = target.resolve(entry.getName()).normalize();
        if (!file.startsWith(target)) {
          throw new IOException("the archive names " + entry.getName());
        }
        if (!entry.getName().endsWith(".a")) { // for compiling against it: not needed
          place(tar, entry, file);
        }
      }
    }
  }

  private static void place(TarArchiveInputStream tar, TarArchiveEntry entry, Path file)
      throws IOException {
    if (entry.isDirectory()) {
      ServerFiles.openFolder(file);
      return;
    }
    ServerFiles.openFolder(Objects.requireNonNull(file.getParent(), "it lies in the target"));
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(file, Path.of(entry.getLinkName()));
    } else {
      Files.copy(tar, file);
      boolean executable = (entry.getMode() & 0111) != 0;
      Files.setPosixFilePermissions(file, executable ? PROGRAM : PLAIN);
    }
  }
}
