package io.mammatus.platform.testing;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a test needs of the machine that it runs on. */
public final class Prerequisites {

  private static final List<String> FOLDERS =
      List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin");

  private Prerequisites() {}

  /** Root, and these commands or (with a slash) files; skips the test, or fails it in CI. */
  public static void require(String... names) {
    List<String> missing = new ArrayList<>();
    if (!"root".equals(System.getProperty("user.name"))) {
      missing.add("root");
    }
    for (String name : names) {
      boolean there =
          name.startsWith("/")
              ? Files.exists(Path.of(name))
              : FOLDERS.stream().anyMatch(folder -> Files.exists(Path.of(folder, name)));
      if (!there) {
        missing.add(name);
      }
    }
    if (!missing.isEmpty()) {
      if ("true".equals(System.getenv("CI"))) {
        fail("missing here: " + missing);
      }
      abort("missing here: " + missing);
    }
  }
}
