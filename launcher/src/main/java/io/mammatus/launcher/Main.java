package io.mammatus.launcher;

import io.mammatus.agent.AgentConfig;
import io.mammatus.control.NetworkConfig;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.launcher.CloudConfig.BootFile;
import io.mammatus.launcher.CloudConfig.ControlPlaneFile;
import io.mammatus.launcher.CloudConfig.MetadataFile;
import io.mammatus.launcher.doctor.Doctor;
import io.mammatus.launcher.doctor.Finding;
import io.mammatus.platform.config.ConfigProblems;
import io.mammatus.platform.config.ConfigReader;
import io.mammatus.platform.logging.Logging;
import io.mammatus.pxe.BootConfig;
import io.mammatus.pxe.neighbour.NeighbourTable;
import io.mammatus.store.DatabaseSettings;
import io.mammatus.store.embedded.EmbeddedException;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * {@code up --config FILE} starts the whole cloud in this process; {@code token} replaces its
 * administrator's token; {@code run SERVICE --config FILE} one service of it; {@code doctor} says
 * what is wrong with the boot server.
 */
public final class Main {

  private static final int BAD_USAGE = 2;

  /** Another try may help: systemd starts the service again, which after BAD_USAGE it does not. */
  private static final int FAILED = 1;

  private Main() {}

  public static void main(String[] arguments) {
    List<String> words = List.of(arguments);
    if (!words.isEmpty() && io.mammatus.cli.Main.knows(words.get(0))) {
      io.mammatus.cli.Main.main(arguments);
      return;
    }
    Logging.start();
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(Usage.of(words.getFirst()));
      return;
    }
    try {
      if (words.size() == 3 && words.get(0).equals("up") && words.get(1).equals("--config")) {
        up(ConfigReader.read(Path.of(words.get(2)), CloudConfig.class));
      } else if (words.size() == 3
          && words.get(0).equals("token")
          && words.get(1).equals("--config")) {
        token(Path.of(words.get(2)));
      } else if (words.size() == 3
          && words.get(0).equals("doctor")
          && words.get(1).equals("--config")) {
        doctor(Path.of(words.get(2)));
      } else if (words.size() == 4
          && words.get(0).equals("run")
          && words.get(2).equals("--config")) {
        run(words.get(1), Path.of(words.get(3)));
      } else {
        fail(BAD_USAGE, Usage.SHORT);
      }
    } catch (ConfigProblems e) {
      fail(BAD_USAGE, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      fail(BAD_USAGE, String.valueOf(e.getMessage()));
    } catch (EmbeddedException e) {
      fail(FAILED, "cannot start: " + e.getMessage());
    }
  }

  private static void up(CloudConfig config) {
    Foundation foundation = Foundation.create();
    Runtime.getRuntime().addShutdownHook(new Thread(foundation::close, "shutdown"));
    DatabaseSettings database = config.database().orElse(null);
    boolean embedded = database == null;
    if (database == null) {
      database = foundation.embedded(config.data().orElseThrow());
    }
    start(
        foundation,
        database,
        embedded,
        parts ->
            Services.controlPlane(parts, config.controlPlane())
                .compose(v -> Services.boot(parts, config.boot()))
                .compose(v -> Services.metadata(parts, config.metadata())));
  }

  private static void token(Path file) {
    try {
      System.out.println(newToken(file));
    } catch (ConfigProblems e) {
      throw e;
    } catch (RuntimeException e) {
      fail(FAILED, "there is no new token: " + e.getMessage());
    }
  }

  /** By the file of the whole cloud, or that of a control plane that runs alone. */
  private static String newToken(Path file) {
    CloudConfig cloud;
    try {
      cloud = ConfigReader.read(file, CloudConfig.class);
    } catch (ConfigProblems ofCloud) {
      ControlPlaneFile alone;
      try {
        alone = ConfigReader.read(file, ControlPlaneFile.class);
      } catch (ConfigProblems ofAlone) {
        throw ofCloud;
      }
      return NewToken.make(alone.database());
    }
    return NewToken.make(cloud);
  }

  private static void doctor(Path file) {
    List<Finding> findings = doctorFor(file).examine();
    findings.forEach(finding -> System.out.println(finding.line()));
    long wrong =
        findings.stream().filter(finding -> finding.level() == Finding.Level.WRONG).count();
    System.out.println(
        wrong == 0 ? "mammatus: nothing is wrong" : "mammatus: " + wrong + " of it is wrong");
    Runtime.getRuntime().exit(wrong == 0 ? 0 : FAILED);
  }

  /** For the file of the whole cloud, or that of a PXE server that runs alone. */
  private static Doctor doctorFor(Path file) {
    NeighbourTable neighbours = new NeighbourTable();
    try {
      CloudConfig cloud = ConfigReader.read(file, CloudConfig.class);
      List<NetworkSpec> networks =
          cloud.controlPlane().networks().stream().map(NetworkConfig::spec).toList();
      return new Doctor(cloud.boot(), networks, neighbours);
    } catch (ConfigProblems ofCloud) {
      try {
        BootConfig alone = ConfigReader.read(file, BootFile.class).boot();
        return new Doctor(alone, List.of(), neighbours);
      } catch (ConfigProblems ofAlone) {
        throw ofCloud;
      }
    }
  }

  private static void run(String service, Path file) {
    switch (service) {
      case "control-plane" -> {
        ControlPlaneFile config = ConfigReader.read(file, ControlPlaneFile.class);
        alone(config.database(), parts -> Services.controlPlane(parts, config.controlPlane()));
      }
      case "pxe-server" -> {
        BootFile config = ConfigReader.read(file, BootFile.class);
        alone(config.database(), parts -> Services.boot(parts, config.boot()));
      }
      case "metadata-service" -> {
        MetadataFile config = ConfigReader.read(file, MetadataFile.class);
        alone(config.database(), parts -> Services.metadata(parts, config.metadata()));
      }
      case "node-agent" -> io.mammatus.agent.Main.start(ConfigReader.read(file, AgentConfig.class));
      default ->
          fail(
              BAD_USAGE,
              "there is no service %s: control-plane, pxe-server, metadata-service, node-agent"
                  .formatted(service));
    }
  }

  private static void alone(
      DatabaseSettings database, Function<Foundation.Parts, Future<Void>> service) {
    Foundation foundation = Foundation.create();
    Runtime.getRuntime().addShutdownHook(new Thread(foundation::close, "shutdown"));
    start(foundation, database, false, service);
  }

  private static void start(
      Foundation foundation,
      DatabaseSettings database,
      boolean create,
      Function<Foundation.Parts, Future<Void>> service) {
    foundation
        .open(database, create, service)
        .onComplete(done -> {
          if (done.failed()) {
            Throwable cause = done.cause();
            // Not on this event loop: shutting down waits for it.
            Thread.ofPlatform().start(() -> fail(FAILED, "cannot start: " + cause.getMessage()));
          } else {
            System.out.println("mammatus: ready");
          }
        });
  }

  private static void fail(int status, String message) {
    System.err.println("mammatus: " + message);
    Runtime.getRuntime().exit(status);
  }
}
