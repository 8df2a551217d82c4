package io.mammatus.platform.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.Tag;

/** Reads a YAML file as a record. */
public final class ConfigReader {

  private ConfigReader() {}

  /**
   * Reads a file. Relative paths of secrets start at the file's folder.
   *
   * @throws ConfigProblems with all problems of the file, that it cannot be read among them
   */
  public static <R extends Record> R read(Path file, Class<R> type) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      return parse(Files.readString(file), file.toString(), folder, type);
    } catch (IOException e) {
      throw new ConfigProblems(
          file.toString(),
          List.of(
              new ConfigProblem(
                  "", 1, "cannot be read (" + e + "); give a readable file in UTF-8")));
    }
  }

  /**
   * Reads a text.
   *
   * @param origin what to call the text in a message
   * @throws ConfigProblems with all problems of the text
   */
  public static <R extends Record> R parse(String yaml, String origin, Class<R> type) {
    return parse(yaml, origin, null, type);
  }

  private static <R extends Record> R parse(
      String yaml, String origin, @Nullable Path folder, Class<R> type) {
    Binder binder = new Binder(folder);
    Node root = compose(yaml, origin);
    Object value = binder.bind(root, type);
    if (value == null || !binder.problems().isEmpty()) {
      List<ConfigProblem> sorted =
          binder.problems().stream()
              .distinct()
              .sorted(Comparator.comparingInt(ConfigProblem::line))
              .toList();
      throw new ConfigProblems(origin, sorted);
    }
    return type.cast(value);
  }

  private static Node compose(String yaml, String origin) {
    try {
      Node root = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
      return root == null || root.getTag().equals(Tag.NULL) ? Binder.emptySection(null) : root;
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      int line = mark == null ? 1 : mark.getLine() + 1;
      throw new ConfigProblems(
          origin, List.of(new ConfigProblem("", line, "not YAML: " + e.getProblem())));
    } catch (YAMLException e) {
      throw new ConfigProblems(
          origin, List.of(new ConfigProblem("", 1, "not YAML: " + e.getMessage())));
    }
  }

  static int line(Node node) {
    Mark start = node.getStartMark();
    return start == null ? 1 : start.getLine() + 1;
  }
}
