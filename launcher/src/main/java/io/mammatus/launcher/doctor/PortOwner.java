package io.mammatus.launcher.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Which program has a port, as Linux' /proc tells it (proc(5), /proc/net/udp and tcp). */
final class PortOwner {

  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENING = "0A";

  private PortOwner() {}

  /** Whether somebody listens, and who; other users' programs have no name for an ordinary user. */
  static Optional<String> ofUdp(int port) {
    return owner(Path.of("/proc/net/udp"), port, false);
  }

  static Optional<String> ofTcp(int port) {
    return owner(Path.of("/proc/net/tcp"), port, true)
        .or(() -> owner(Path.of("/proc/net/tcp6"), port, true));
  }

  private static Optional<String> owner(Path table, int port, boolean listening) {
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    try {
      return Files.readAllLines(table).stream()
          .skip(1)
          .map(line -> line.strip().split("\\s+"))
          .filter(row -> row.length > INODE && row[LOCAL_ADDRESS].endsWith(suffix))
          .filter(row -> !listening || row[STATE].equals(LISTENING))
          .map(row -> process(row[INODE]))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String process(String inode) {
    Path wanted = Path.of("socket:[" + inode + "]");
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(process -> holds(process.pid(), wanted))
          .findFirst()
          .map(process -> "%s (process %d)".formatted(name(process.pid()), process.pid()))
          .orElse("a program that only root can name");
    }
  }

  private static boolean holds(long pid, Path socket) {
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      List<Path> all = open.toList();
      for (Path one : all) {
        if (Files.isSymbolicLink(one) && Files.readSymbolicLink(one).equals(socket)) {
          return true;
        }
      }
      return false;
    } catch (IOException e) {
      return false; // another user's, or gone meanwhile
    }
  }

  private static String name(long pid) {
    try {
      return Files.readString(Path.of("/proc/" + pid + "/comm")).strip();
    } catch (IOException e) {
      return "a program";
    }
  }
}
