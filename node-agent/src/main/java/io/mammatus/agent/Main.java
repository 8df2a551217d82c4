package io.mammatus.agent;

import io.mammatus.agent.inventory.HardwareReader;
import io.mammatus.platform.config.ConfigReader;
import io.mammatus.platform.logging.Logging;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Starts the agent: {@code [--config FILE]}; without a file it reads the kernel's command line.
 * With the system property {@code mammatus.agent=train}, which the program that starts it can pass
 * on, it goes through a start against itself and ends.
 */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    if ("train".equals(System.getProperty("mammatus.agent"))) {
      Training.run();
      return;
    }
    AgentConfig config =
        arguments.length == 2 && arguments[0].equals("--config")
            ? ConfigReader.read(Path.of(arguments[1]), AgentConfig.class)
            : KernelArguments.read(Files.readString(Path.of("/proc/cmdline")));
    start(config);
  }

  /** Starts an agent that runs until the process ends. */
  public static void start(AgentConfig config) {
    Logging.start();
    Console console = new Console(System.out);
    // The JDK resolves the one name that is ever asked for; Netty's resolver costs a second to
    // load.
    System.setProperty("vertx.disableDnsResolver", "true");
    Vertx vertx = Vertx.vertx(small());
    Agent agent =
        new Agent(
            config, console, new HardwareReader(Path.of("/"), config.bootMac()), new Home(config));
    vertx
        .deployVerticle(agent)
        .onFailure(e -> {
          console.say("cannot start: %s", e.getMessage());
          Runtime.getRuntime().exit(1);
        });
  }

  private static VertxOptions small() {
    return new VertxOptions()
        .setPreferNativeTransport(true)
        .setEventLoopPoolSize(1)
        .setWorkerPoolSize(2)
        .setInternalBlockingPoolSize(2)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setClassPathResolvingEnabled(false)
                .setFileCachingEnabled(false));
  }
}
