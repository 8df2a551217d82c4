package io.mammatus.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where things are. */
public final class Layout {

  private Layout() {}

  /** The checkout. */
  public static Path home() {
    return Path.of(System.getProperty("mammatus.home", System.getProperty("user.dir")))
        .toAbsolutePath()
        .normalize();
  }

  public static Path build() {
    return home().resolve("build");
  }

  /** The program's libraries. */
  public static Path libraries() {
    return build().resolve("dist/lib");
  }

  /** What goes into the node image. */
  public static Path agent() {
    return build().resolve("dist/agent");
  }

  public static Path images() {
    return build().resolve("images");
  }

  /** The Java that runs this, for the processes that are started. */
  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * The program as {@code ./mammatus up} and its like run it, with the memory that it has there.
   *
   * @param temporary for what it leaves when it is killed
   * @param arguments the command, and its own arguments
   */
  public static List<String> program(Path temporary, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-Xss512k",
                "-Xmx192m",
                "-Xmn16m",
                "-XX:MaxMetaspaceSize=128m",
                "-Dmammatus.home=" + home(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                libraries() + "/*",
                "io.mammatus.launcher.Main"));
    command.addAll(List.of(arguments));
    return command;
  }

  /**
   * A rack's files. Not under the checkout: PostgreSQL runs as another user, who may not be let in
   * there.
   */
  public static Path rack(String name) {
    return Path.of("/var/lib/mammatus-lab").resolve(name);
  }
}
