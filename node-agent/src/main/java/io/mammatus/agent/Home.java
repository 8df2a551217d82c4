package io.mammatus.agent;

import io.mammatus.agent.converge.InstanceDriver;
import io.mammatus.agent.disk.StateDisk;
import io.mammatus.agent.identity.NodeIdentity;
import io.mammatus.agent.inventory.HardwareReader;
import io.mammatus.agent.lxd.LxdDriver;
import io.mammatus.agent.lxd.NoDriver;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.protocols.agent.AgentMessages.Welcome;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where an agent lives on its machine: where its key is kept before and after it has a disk, and
 * what it starts there. Everything here blocks and runs on a worker.
 */
class Home {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path HOSTNAME = Path.of("/proc/sys/kernel/hostname");
  private static final Path IN_MEMORY = Path.of("/run/mammatus/agent");
  private static final long CLOCK_TOLERANCE_MILLIS = 2_000;

  private final AgentConfig config;
  private final String bootId;
  private boolean onDisk;
  private boolean driverStarted;

  Home(AgentConfig config) {
    this.config = config;
    this.bootId = readBootId();
  }

  private static String readBootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      return UUID.randomUUID().toString();
    }
  }

  /** The kernel's boot id: a new one at every start of the machine. */
  String bootId() {
    return bootId;
  }

  private Path kept() {
    return config.state().resolve("agent");
  }

  /** The identity: from the state disk if there is one, else from memory, else made now. */
  NodeIdentity open() throws IOException {
    if (!config.stateDisk()) {
      return NodeIdentity.loadOrCreate(kept());
    }
    onDisk = StateDisk.open() instanceof StateDisk.Result.Mounted;
    boolean keptOnDisk = onDisk && NodeIdentity.exists(kept());
    return NodeIdentity.loadOrCreate(keptOnDisk ? kept() : IN_MEMORY);
  }

  /** Moves what must survive to the state disk, once this node is admitted. */
  NodeIdentity settle(NodeIdentity identity, Console console) throws IOException {
    if (!config.stateDisk()) {
      return identity;
    }
    if (!onDisk) {
      switch (StateDisk.claim()) {
        case StateDisk.Result.Mounted() -> {
          onDisk = true;
          console.say("claimed a disk for what this node keeps");
        }
        case StateDisk.Result.None(String reason) ->
            console.sayOnce("no disk to keep anything on: %s", reason);
      }
    }
    return onDisk ? identity.copyTo(kept()) : identity;
  }

  /** Takes on what the control plane says of this node: its name and the time. */
  void adopt(Welcome welcome) throws IOException {
    if (!config.stateDisk()) {
      return;
    }
    Files.writeString(HOSTNAME, welcome.name() + "\n");
    long off = Math.abs(System.currentTimeMillis() - welcome.epochMillis());
    if (off > CLOCK_TOLERANCE_MILLIS) {
      run("date", "--utc", "--set=@" + welcome.epochMillis() / 1000);
    }
  }

  /** Has what runs instances started. It takes seconds; whoever needs it waits at its socket. */
  void startDriver() throws IOException {
    if (config.stateDisk() && !driverStarted) {
      run("systemctl", "start", "--no-block", "lxd.socket", "lxd.service");
      driverStarted = true;
    }
  }

  /** What runs instances here. */
  InstanceDriver driver(Vertx vertx, HardwareReader hardware, Supplier<String> blobs) {
    Path socket = config.lxdSocket().orElse(null);
    try {
      return socket == null
          ? new NoDriver()
          : new LxdDriver(
              vertx, socket, config.state().resolve("downloads"), hardware.bootInterface(), blobs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What instances may use: nothing where nothing runs them. */
  Capacity capacity(HardwareReader hardware) throws IOException {
    return config.lxdSocket().isEmpty()
        ? new Capacity(0, 0, 0, false)
        : hardware.capacity(config.state(), onDisk);
  }

  private static void run(@Nullable String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    try {
      if (!process.waitFor(Duration.ofMinutes(1).toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException(command[0] + " took longer than a minute");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + command[0], e);
    }
    if (process.exitValue() != 0) {
      throw new IOException(command[0] + " failed: " + output.strip());
    }
  }
}
