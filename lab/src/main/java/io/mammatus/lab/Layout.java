package io.mammatus.lab;

import java.nio.file.Path;

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
   * A rack's files. Not under the checkout: PostgreSQL runs as another user, who may not be let in
   * there.
   */
  public static Path rack(String name) {
    return Path.of("/var/lib/mammatus-lab").resolve(name);
  }
}
