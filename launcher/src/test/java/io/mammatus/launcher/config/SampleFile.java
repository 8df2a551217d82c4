package io.mammatus.launcher.config;

import io.mammatus.agent.AgentConfig;
import io.mammatus.launcher.CloudConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sample of config/ as its text is: each key with the comment above it. A key behind a {@code #}
 * without a space is left out, and shows its default or an example.
 */
record SampleFile(String name, Class<? extends Record> type) {

  static final Path CONFIG = Path.of("").toAbsolutePath().resolveSibling("config");

  static final List<SampleFile> ALL =
      List.of(
          new SampleFile("cloud", CloudConfig.class),
          new SampleFile("control-plane", CloudConfig.ControlPlaneFile.class),
          new SampleFile("pxe-server", CloudConfig.BootFile.class),
          new SampleFile("metadata-service", CloudConfig.MetadataFile.class),
          new SampleFile("node-agent", AgentConfig.class));

  private static final Pattern KEY =
      Pattern.compile("(\\s*(?:- )?)(#?)([A-Za-z][A-Za-z0-9]*):(?: (.*))?");
  private static final Pattern COMMENT = Pattern.compile("\\s*# ?(.*)");

  /**
   * A key as the file has it.
   *
   * @param leftOut whether it stands behind a #
   */
  record Entry(String comment, String value, boolean leftOut) {}

  private record Open(int indent, String path) {}

  Path file() {
    return CONFIG.resolve(name + ".yaml");
  }

  Path schema() {
    return CONFIG.resolve("schema").resolve(name + ".json");
  }

  /** All keys by their path, without the places in lists: {@code controlPlane.networks.cidr}. */
  Map<String, Entry> entries() throws IOException {
    Map<String, Entry> entries = new LinkedHashMap<>();
    List<Open> open = new ArrayList<>();
    List<String> comment = new ArrayList<>();
    for (String line : Files.readAllLines(file())) {
      Matcher key = KEY.matcher(line);
      Matcher words = COMMENT.matcher(line);
      if (key.matches()) {
        int indent = key.group(1).length();
        open.removeIf(parent -> parent.indent() >= indent);
        String path = (open.isEmpty() ? "" : open.getLast().path() + ".") + key.group(3);
        String value = key.group(4) == null ? "" : key.group(4);
        entries.put(path, new Entry(String.join(" ", comment), value, !key.group(2).isEmpty()));
        open.add(new Open(indent, path));
        comment.clear();
      } else if (words.matches()) {
        comment.add(words.group(1));
      } else {
        comment.clear();
      }
    }
    return entries;
  }
}
