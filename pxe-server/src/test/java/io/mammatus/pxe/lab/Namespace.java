package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A network namespace of a test's own. Closing takes it away, and all that runs in it. */
final class Namespace implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final Pattern PACKETS = Pattern.compile("packets ([0-9]+)");

  private final String name;
  private final Path folder;

  /** What a command said, standard error included, and how it ended. */
  record Result(int status, String output) {}

  /**
   * @param folder where its commands run, and for scratch files
   */
  Namespace(String name, Path folder) {
    this.name = name;
    this.folder = folder;
    done("ip", "netns", "add", name);
    ip("link", "set", "lo", "up");
  }

  /** Lays a cable; both ends are up. */
  static void cable(Namespace one, String oneEnd, Namespace other, String otherEnd) {
    one.ip("link", "add", oneEnd, "type", "veth", "peer", "name", otherEnd, "netns", other.name);
    one.ip("link", "set", oneEnd, "up");
    other.ip("link", "set", otherEnd, "up");
  }

  /** {@code ip} on this namespace. */
  void ip(String... arguments) {
    List<String> command = new ArrayList<>(List.of("ip", "-n", name));
    command.addAll(Arrays.asList(arguments));
    done(command.toArray(String[]::new));
  }

  /** Gives an interface another MAC and no address. */
  void newCard(String interfaceName, String mac) {
    ip("addr", "flush", "dev", interfaceName);
    ip("link", "set", interfaceName, "address", mac);
  }

  /** One line for nftables. */
  void nft(String command) {
    counters(command);
  }

  /** How many packets a named counter of a table of family {@code ip} has seen. */
  int counted(String table, String counter) {
    Matcher packets = PACKETS.matcher(counters("list counter ip " + table + " " + counter));
    if (!packets.find()) {
      throw new AssertionError("no counter " + counter);
    }
    return Integer.parseInt(packets.group(1));
  }

  private String counters(String command) {
    Result result = run(LIMIT, "nft", command);
    if (result.status != 0) {
      throw new AssertionError("nft " + command + ": " + result.output);
    }
    return result.output;
  }

  /** Runs a command to its end. */
  Result run(Duration limit, String... command) {
    return attempt(limit, inside(command));
  }

  /** A command that leaves its output to whoever starts it. */
  ProcessBuilder command(String... command) {
    return new ProcessBuilder(inside(command)).directory(folder.toFile()).redirectErrorStream(true);
  }

  private String[] inside(String... command) {
    List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name));
    all.addAll(Arrays.asList(command));
    return all.toArray(String[]::new);
  }

  private void done(String... command) {
    Result result = attempt(LIMIT, command);
    if (result.status != 0) {
      throw new AssertionError(String.join(" ", command) + ": " + result.output);
    }
  }

  private Result attempt(Duration limit, String... command) {
    try {
      Path output = Files.createTempFile(folder, "output", ".txt");
      Process process =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
        return new Result(-1, Files.readString(output) + " (took longer than " + limit + ")");
      }
      return new Result(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      throw new AssertionError(String.join(" ", command), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Ends what runs here, by its process id. */
  void end() {
    for (String pid : attempt(LIMIT, "ip", "netns", "pids", name).output.split("\\s+")) {
      if (!pid.isEmpty()) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
  }

  @Override
  public void close() {
    end();
    done("ip", "netns", "del", name);
  }
}
