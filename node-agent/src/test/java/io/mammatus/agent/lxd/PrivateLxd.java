package io.mammatus.agent.lxd;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * The distribution's LXD as a process of the test, in network, mount and process namespaces of its
 * own, on a disk image of its own: the host sees a process and, while a container runs, its control
 * groups. When the outermost process dies, everything in it dies. A daemon that dies is started
 * again, as systemd does it on a node.
 */
final class PrivateLxd implements AutoCloseable {

  /** The interface that containers are attached to. */
  static final String PARENT = "parent0";

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /**
   * As on a node, LXD's folder is on an ext4 with project quotas if the kernel has them. /sys is
   * mounted anew since it shows the network namespace of whoever mounted it, and LXD looks there
   * for the parent interface.
   */
  private static final String SCRIPT =
      """
      set -eu
      cd "$1"
      mkdir -p lxd cgroup
      mount -o loop,prjquota quotas.img lxd 2>/dev/null || mount -o loop plain.img lxd
      mount --rbind /sys/fs/cgroup cgroup
      mount -t sysfs sysfs /sys
      mount --rbind cgroup /sys/fs/cgroup
      ip link set lo up
      ip link add parent0 type veth peer name cable0
      ip link set parent0 up
      ip link set cable0 up
      export LXD_DIR=$1/lxd
      while :; do lxd --group root || sleep 0.1; done
      """;

  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");

  private final Path folder;
  private final List<Path> cgroupsBefore = cgroups();
  private final Process outermost;
  private final ProcessHandle init;
  private final Path root;

  /**
   * @param folder an empty one; nothing else of the disk is written to
   */
  PrivateLxd(Path folder) throws IOException {
    this.folder = folder;
    makeDisk("quotas.img", "quota,project");
    makeDisk("plain.img", "^quota,^project");
    outermost =
        new ProcessBuilder(
                "unshare",
                "--net",
                "--mount",
                "--pid",
                "--fork",
                "--kill-child",
                "--mount-proc",
                "--propagation",
                "private",
                "sh",
                "-c",
                SCRIPT,
                "lxd",
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    await().atMost(LIMIT).until(() -> outermost.children().findAny().isPresent());
    init = outermost.children().findAny().orElseThrow();
    root = Path.of("/proc", Long.toString(init.pid()), "root");
    awaitUp();
  }

  private void makeDisk(String name, String features) throws IOException {
    Path disk = folder.resolve(name);
    Shell.run("truncate", "--size=6G", disk.toString());
    Shell.run("mkfs.ext4", "-q", "-F", "-O", features, disk.toString());
  }

  /** A path in its mount namespace, as seen from here. */
  Path inside(String path) {
    return root.resolve(folder.resolve("lxd").resolve(path).toString().substring(1));
  }

  Path socket() {
    return inside("unix.socket");
  }

  /** Whether what LXD keeps is on a file system with project quotas. */
  boolean hasQuotas() throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(init.pid()), "mounts"))
        .lines()
        .anyMatch(mount -> mount.contains(folder + "/lxd ext4") && mount.contains("prjquota"));
  }

  /** The daemon dies as in a crash; containers live on, and another daemon starts. */
  void killDaemon() {
    List<ProcessHandle> daemons =
        init.children()
            .filter(child -> child.info().command().orElse("").endsWith("/lxd"))
            .toList();
    daemons.forEach(ProcessHandle::destroyForcibly);
    daemons.forEach(daemon -> daemon.onExit().join());
    awaitUp();
  }

  private void awaitUp() {
    await().atMost(LIMIT).ignoreExceptionsInstanceOf(IOException.class).until(this::isUp);
  }

  /** While it starts it listens, and answers 503. */
  private boolean isUp() throws IOException {
    byte[] question = "GET /1.0/images HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
      channel.write(ByteBuffer.wrap(question));
      ByteBuffer answer = ByteBuffer.allocate(64);
      channel.read(answer);
      return new String(answer.array(), StandardCharsets.US_ASCII).contains(" 200 ");
    }
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Override
  public void close() {
    outermost.destroyForcibly();
    try {
      init.onExit().join();
    } catch (CompletionException e) {
      throw new AssertionError("it does not end", e);
    }
    cgroups().stream().filter(group -> !cgroupsBefore.contains(group)).forEach(PrivateLxd::remove);
  }

  /** LXC's control groups, the inner ones first. The kernel lets go of empty ones only. */
  private static List<Path> cgroups() {
    String find = "find \"$1\" -depth -type d -path '*/lxc.*' 2>/dev/null || true";
    return Shell.run("sh", "-c", find, "find", CGROUPS.toString())
        .lines()
        .filter(line -> !line.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static void remove(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (IOException e) {
      System.out.println("left behind: " + e.getMessage());
    }
  }
}
