package io.mammatus.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Builds what machines and instances boot. Cached: a second call with nothing changed takes a
 * second.
 */
public final class ImageBuild {

  private ImageBuild() {}

  /** Runs the recipes; each line of their progress goes to {@code progress}. */
  public static void run(Consumer<String> progress) throws IOException {
    Path log = Layout.build().resolve("images.log");
    Files.createDirectories(Layout.build());
    Process process =
        new ProcessBuilder(command())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
            .start();
    StringBuilder all = new StringBuilder();
    try (var reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        all.append(line).append('\n');
        if (line.startsWith("[images] ")) {
          progress.accept(line.substring("[images] ".length()));
        }
      }
      int status = process.waitFor();
      Files.writeString(log, all);
      if (status != 0) {
        throw new IOException("the images could not be built: see " + log);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroy();
      throw new IOException("interrupted while the images were built", e);
    }
  }

  private static List<String> command() {
    return List.of(
        // However this process ends, the build and all that it started end with it.
        "setpriv",
        "--pdeathsig",
        "KILL",
        "unshare",
        "--fork",
        "--pid",
        "--kill-child=KILL",
        Layout.home().resolve("images/all").toString(),
        "--agent",
        Layout.agent().toString(),
        "--out",
        Layout.images().toString(),
        "--jdk",
        System.getProperty("java.home"),
        "--keep",
        "1");
  }

  /** Removes what a build that was killed left. */
  public static void clean() throws IOException {
    Shell.run(Layout.home().resolve("images/build").toString(), "clean");
  }
}
