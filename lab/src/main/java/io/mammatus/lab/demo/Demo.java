package io.mammatus.lab.demo;

import io.mammatus.lab.Await;
import io.mammatus.lab.ImageBuild;
import io.mammatus.lab.Preflight;
import io.mammatus.lab.Shell;
import io.mammatus.lab.cloud.CloudUser;
import io.mammatus.lab.rack.Operator;
import io.mammatus.lab.rack.Rack;
import io.mammatus.lab.rack.VirtualMachine;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The main job, end to end: powered-off servers become nodes of a cloud, and one of them runs an
 * instance that answers by SSH. Everything in it is real but the servers themselves, which QEMU
 * emulates.
 */
public final class Demo {

  private static final String NAME = "mammatus";
  private static final Duration SSH_LIMIT = Duration.ofMinutes(6);

  private final DemoOptions options;
  private final Progress progress;
  private final Rack rack;
  private final CloudUser user;
  private final Operator operator;
  private final Map<String, Instant> poweredOn = new HashMap<>();

  public Demo(DemoOptions options, Progress progress) {
    this.options = options;
    this.progress = progress;
    this.rack = new Rack(NAME, 0, List.of());
    this.user = new CloudUser(rack.folder().resolve("user"));
    this.operator = new Operator(user);
  }

  /** Runs the demo; true if all of it worked. */
  public boolean run() throws IOException {
    if (options.clean()) {
      rack.destroy();
      ImageBuild.clean();
      progress.note("nothing is left of the demo: no process, no namespace, no file");
      return true;
    }
    Thread ending = new Thread(this::endQuietly, "demo-end");
    Runtime.getRuntime().addShutdownHook(ending);
    long start = System.nanoTime();
    try {
      prepare();
      List<Double> ready = bootMachines();
      double ssh = runInstance();
      show();
      DemoResult result =
          new DemoResult(
              options.machines(),
              ready,
              ssh,
              rack.cloud().residentMiB(),
              (System.nanoTime() - start) / 1e9);
      finish(ending, result);
      return true;
    } catch (IOException e) {
      Runtime.getRuntime().removeShutdownHook(ending);
      progress.note("FAILED: %s", progress.step());
      progress.note("%s", String.valueOf(e.getMessage()));
      progress.note(
          "logs: %s (cloud), %s (each machine's console)",
          rack.cloud().log(), rack.folder().resolve("machines/*/console.log"));
      rack.stop();
      return false;
    }
  }

  private void prepare() throws IOException {
    progress.step("checking what this machine has");
    List<String> missing = Preflight.missing(options.machines(), rack.network());
    if (!missing.isEmpty()) {
      throw new IOException("this machine lacks:\n  - " + String.join("\n  - ", missing));
    }
    progress.step("building the images (what is built once is kept in build/cache)");
    ImageBuild.run(line -> progress.note("%s", line));
    progress.step("making a network namespace with a bridge for the rack");
    rack.create();
    rack.network().openFromOutside();
    progress.step("starting the cloud: control plane, boot server, metadata service, PostgreSQL");
    rack.cloud().start();
    user.logIn(rack.cloud().api(), rack.cloud().token().orElseThrow());
    progress.note("API at %s", rack.cloud().api());
  }

  private List<Double> bootMachines() throws IOException {
    progress.step("switching on %d servers with empty disks", options.machines());
    for (int place = 0; place < options.machines(); place++) {
      VirtualMachine machine = rack.add(Rack.ordinary(place));
      machine.powerOn();
      poweredOn.put(machine.shape().mac(), Instant.now());
      progress.note(
          "%s: %s firmware, network card %s",
          machine.shape().name(), machine.shape().firmware(), machine.shape().mac());
    }
    List<Double> seconds = new ArrayList<>();
    for (VirtualMachine machine : rack.machines()) {
      admit(machine);
    }
    for (VirtualMachine machine : rack.machines()) {
      seconds.add(awaitReady(machine));
    }
    return seconds;
  }

  private void admit(VirtualMachine machine) throws IOException {
    Operator.Waiting waiting = operator.awaitAsking(machine);
    progress.note("%s shows on its serial console: key fingerprint", machine.shape().name());
    progress.note("  %s", waiting.fingerprint());
    progress.note("mammatus machine accept %s --fingerprint …", waiting.name());
    user.run("machine", "accept", waiting.name(), "--fingerprint", waiting.fingerprint());
  }

  private double awaitReady(VirtualMachine machine) throws IOException {
    String name = operator.awaitReady(machine);
    Instant on = Objects.requireNonNull(poweredOn.get(machine.shape().mac()));
    double seconds = Duration.between(on, operator.offersItselfAt(name)).toMillis() / 1000.0;
    progress.note(
        "%s is ready as %s, %.1f s after power-on", machine.shape().name(), name, seconds);
    return seconds;
  }

  private double runInstance() throws IOException {
    progress.step("importing the guest image");
    String image = user.importGuest();
    user.run("flavor", "create", "small", "--cpus", "1", "--memory", "512", "--disk", "2");
    user.run("key", "add", "demo", user.key() + ".pub");
    progress.step("mammatus instance create web --image %s --flavor small --ssh-key demo", image);
    long start = System.nanoTime();
    user.run(
        "instance", "create", "web", "--image", image, "--flavor", "small", "--ssh-key", "demo");
    String address =
        Await.value(
            "the planner placed web",
            Duration.ofSeconds(30),
            () -> {
              String found =
                  user.ask("instance", "get", "web").path("status").path("address").asText("");
              return found.isEmpty() ? Optional.empty() : Optional.of(found);
            });
    progress.note("placed; its address will be %s", address);
    Await.until(
        "ssh debian@" + address + " works",
        SSH_LIMIT,
        () -> user.ssh("debian", address, "true", 20).ok());
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.step("ssh debian@%s", address);
    progress.text(sayOfYourself(address));
    return seconds;
  }

  private String sayOfYourself(String address) throws IOException {
    String questions =
        "echo \"I am $(hostname), $(. /etc/os-release; echo $PRETTY_NAME), kernel $(uname -r)\";"
            + " ip -4 -brief address show eth0; cloud-init status --wait >/dev/null; cloud-init status;"
            + " sudo cat /run/cloud-init/result.json; ping -c 1 -W 5 -q "
            + rack.network().outsideAddress()
            + " && echo \"and there is a way out through the gateway\"";
    Shell.Result said = user.ssh("debian", address, questions, 180);
    if (!said.ok() || !said.output().contains("way out")) {
      throw new IOException("the instance does not do what it should: " + said.output().strip());
    }
    if (!said.output().contains("DataSourceEc2")) {
      throw new IOException("cloud-init did not ask the metadata service: " + said.output());
    }
    return said.output();
  }

  private void show() throws IOException {
    for (List<String> words :
        List.of(
            List.of("machine", "list"),
            List.of("instance", "list"),
            List.of("machine", "why", "machine-1"))) {
      progress.step("mammatus %s", String.join(" ", words));
      progress.text(user.run(words.toArray(String[]::new)));
    }
  }

  private void finish(Thread ending, DemoResult result) throws IOException {
    if (!options.once()) {
      progress.step("the cloud is running; Ctrl-C ends it and switches the servers off");
      progress.note("API:  %s", rack.cloud().api());
      progress.note("CLI:  export MAMMATUS_CONFIG=%s; ./mammatus machine list", user.login());
      progress.note("SSH:  ssh -i %s debian@ADDRESS", user.key());
      System.out.println(result.json());
      try {
        Thread.currentThread().join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return;
    }
    progress.step("ending and removing everything");
    rack.destroy();
    Runtime.getRuntime().removeShutdownHook(ending);
    System.out.println(result.json());
  }

  private void endQuietly() {
    try {
      rack.stop();
    } catch (IOException e) {
      System.err.println("mammatus: not all was ended: " + e.getMessage());
      System.err.println("mammatus: ./mammatus demo --clean removes the rest");
    }
  }
}
