package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.cli.client.ApiClient;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a command has: where it writes, in which form, and the cloud once it is needed. */
final class Session implements AutoCloseable {

  /** The forms of {@code -o}. */
  enum Output {
    table,
    json,
    yaml
  }

  private final Map<String, String> environment;
  private final InputStream in;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Map<String, String> nodeNames = new HashMap<>();
  private Output output = Output.table;
  private @Nullable ApiClient client;

  Session(Map<String, String> environment, InputStream in, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.in = in;
    this.out = out;
    this.err = err;
  }

  Map<String, String> environment() {
    return environment;
  }

  InputStream in() {
    return in;
  }

  /** The cloud that was logged in to. */
  ApiClient api() {
    ApiClient known = client;
    if (known == null) {
      known = new ApiClient(LoginFile.read(environment));
      client = known;
    }
    return known;
  }

  Output output() {
    return output;
  }

  void setOutput(Output output) {
    this.output = output;
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  /** For people beside the result: progress, and what to do next. */
  void note(String line) {
    err.println(line);
    err.flush();
  }

  PrintWriter err() {
    return err;
  }

  /** A tree as JSON or YAML; a table is the caller's to make. */
  void tree(JsonNode tree) {
    out.print(
        output == Output.json
            ? Formats.text(Formats.json(), tree) + "\n"
            : Formats.text(Formats.yaml(), tree));
    out.flush();
  }

  /** One resource: as it is for programs, the spec and status as YAML for people. */
  void resource(JsonNode resource) {
    tree(resource);
  }

  /** What was done, in a line; the resource itself for programs. */
  void done(JsonNode resource, String line) {
    if (output == Output.table || resource.isNull()) {
      say(line);
    } else {
      tree(resource);
    }
  }

  /** The name of a node that a resource refers to by id. */
  String nodeName(String id) {
    if (!nodeNames.containsKey(id)) {
      List<JsonNode> nodes = api().list("nodes", Map.of());
      nodes.forEach(node ->
          nodeNames.put(node.at("/metadata/id").asText(), node.at("/metadata/name").asText()));
    }
    return nodeNames.getOrDefault(id, id);
  }

  @Override
  public void close() {
    ApiClient known = client;
    if (known != null) {
      known.close();
    }
  }
}
