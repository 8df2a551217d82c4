package io.mammatus.control.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.mammatus.core.resource.Kind;
import io.mammatus.platform.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The rules of the contract, so that whoever breaks one is told which field it is and what it must
 * be. A validator's own words name neither ("String does not match pattern").
 */
public final class ContractRules {

  private final JsonNode document;
  private final Map<String, Operation> operations = new HashMap<>();

  private record Operation(List<JsonNode> parameters, JsonNode body) {}

  /**
   * A rule that is broken.
   *
   * @param field a parameter's name, or a path in the body such as {@code spec.macs[0]}; empty for
   *     the body as a whole
   * @param message what it must be, in words
   */
  public record Broken(String field, String message) {}

  private ContractRules(JsonNode document) {
    this.document = document;
  }

  /** The rules of a contract as {@link Contract#committed} gives it. */
  public static ContractRules of(String contract) {
    ContractRules rules = new ContractRules(Json.strict().read(contract, JsonNode.class));
    for (JsonNode path : rules.document.path("paths")) {
      for (var method : path.properties()) {
        if (method.getValue().isObject()) {
          rules.add(path.path("parameters"), method.getValue());
        }
      }
    }
    return rules;
  }

  private void add(JsonNode ofPath, JsonNode operation) {
    List<JsonNode> parameters = new ArrayList<>();
    ofPath.forEach(parameters::add);
    operation.path("parameters").forEach(parameters::add);
    JsonNode body = operation.path("requestBody").path("content").path("application/json");
    if (body.isMissingNode()) {
      body = operation.path("requestBody").path("content").path("application/merge-patch+json");
    }
    operations.put(
        operation.path("operationId").asText(), new Operation(parameters, body.path("schema")));
  }

  /**
   * The rules that an operation's parameters break, in the path and in the query.
   *
   * @param path the value of a parameter of the path
   * @param query the values of a parameter of the query; none if it is absent
   */
  public List<Broken> parameters(
      String operation, Function<String, String> path, Function<String, List<String>> query) {
    List<Broken> broken = new ArrayList<>();
    for (JsonNode parameter : operation(operation).parameters()) {
      String name = parameter.path("name").asText();
      boolean inPath = parameter.path("in").asText().equals("path");
      for (String value : inPath ? List.of(path.apply(name)) : query.apply(name)) {
        JsonNode schema = parameter.path("schema");
        broken.addAll(SchemaCheck.of(document, schema, name, read(schema, value)));
      }
    }
    return broken;
  }

  /** Whether an operation takes JSON. */
  public boolean hasBody(String operation) {
    return !operation(operation).body().isMissingNode();
  }

  /** The rules that an operation's body breaks. */
  public List<Broken> body(String operation, JsonNode body) {
    return SchemaCheck.of(document, operation(operation).body(), "", body);
  }

  /** The rules that what is wanted of a resource breaks: metadata with labels, and the spec. */
  public List<Broken> wanted(Kind kind, JsonNode wanted) {
    return body(Contract.operation("put", kind), wanted);
  }

  private Operation operation(String id) {
    Operation operation = operations.get(id);
    if (operation == null) {
      throw new IllegalArgumentException("the contract has no operation " + id);
    }
    return operation;
  }

  /** What is no number stays text, and breaks the rule that it must be one. */
  private static JsonNode read(JsonNode schema, String value) {
    String type = schema.path("type").asText();
    if (type.equals("integer") && value.matches("-?[0-9]{1,18}")) {
      return LongNode.valueOf(Long.parseLong(value));
    }
    boolean truth = type.equals("boolean") && (value.equals("true") || value.equals("false"));
    return truth ? BooleanNode.valueOf(value.equals("true")) : TextNode.valueOf(value);
  }
}
