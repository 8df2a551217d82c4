package io.mammatus.control.api.contract;

import static io.mammatus.control.api.contract.Schemas.object;
import static io.mammatus.control.api.contract.Schemas.ref;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.core.resource.Condition;
import io.mammatus.core.resource.Kind;
import io.mammatus.platform.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The API's contract (OpenAPI 3.1). {@link #generate} makes it from the records; {@link #committed}
 * is what the program serves and routes by. A test fails when the two differ; {@link #main} writes
 * the file anew.
 */
public final class Contract {

  private static final String RESOURCE = "/openapi.json";

  private Contract() {}

  /** Writes the contract into the file named by the only argument. */
  public static void main(String[] arguments) throws IOException {
    Files.writeString(Path.of(arguments[0]), generate());
  }

  /** The contract as the program was built with. */
  public static String committed() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("openapi.json is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name of a kind's operation, such as {@code listMachines} or {@code putMachine}. */
  public static String operation(String verb, Kind kind) {
    String word = verb.equals("list") ? kind.plural() : kind.singular();
    return verb + capital(word);
  }

  static String capital(String word) {
    return Character.toUpperCase(word.charAt(0)) + word.substring(1);
  }

  /** The contract as the records are now, as text. */
  public static String generate() {
    Schemas schemas = new Schemas();
    schemas.record(Condition.class);
    CommonSchemas.addTo(schemas);
    ObjectNode document = object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Mammatus")
        .put("version", "1")
        .put("description", "One shape for every kind: metadata, spec (wanted), status (is).");
    document.putArray("security").addObject().putArray("token");
    ObjectNode paths = document.putObject("paths");
    for (Kind kind : Kind.values()) {
      KindPaths.add(paths, schemas, kind);
    }
    OtherPaths.add(paths);
    ObjectNode components = document.putObject("components");
    ObjectNode named = components.putObject("schemas");
    schemas.components().forEach((name, schema) -> named.set(name, schema));
    components
        .putObject("securitySchemes")
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer");
    return text(document);
  }

  private static String text(ObjectNode document) {
    try {
      return Json.strict()
              .mapper()
              .writer()
              .with(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(document)
          + "\n";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A parameter of a path or a query. */
  static ObjectNode parameter(String in, String name, String description, ObjectNode schema) {
    ObjectNode parameter = object().put("name", name).put("in", in);
    parameter.put("description", description).put("required", in.equals("path"));
    parameter.set("schema", schema);
    return parameter;
  }

  static ObjectNode name() {
    return parameter(
        "path",
        "name",
        "The resource's name.",
        object().put("type", "string").put("minLength", 1).put("maxLength", 63));
  }

  static ObjectNode text(String description) {
    return object().put("type", "string").put("description", description);
  }

  /** Adds an operation that answers with a schema, or with a problem. */
  static ObjectNode operation(
      ObjectNode path, String method, String id, String summary, String status, String schema) {
    ObjectNode operation = path.putObject(method);
    operation.put("operationId", id).put("summary", summary);
    operation.putArray("parameters");
    ObjectNode responses = operation.putObject("responses");
    answer(responses, status, summary, schema);
    responses
        .putObject("default")
        .put("description", "What went wrong, and what to do.")
        .putObject("content")
        .putObject("application/problem+json")
        .set("schema", ref("Problem"));
    return operation;
  }

  static void answer(ObjectNode responses, String status, String description, String schema) {
    ObjectNode response = responses.putObject(status).put("description", description);
    if (!schema.isEmpty()) {
      response.putObject("content").putObject("application/json").set("schema", ref(schema));
    }
  }

  static void body(ObjectNode operation, String mediaType, ObjectNode schema) {
    operation
        .putObject("requestBody")
        .put("required", true)
        .putObject("content")
        .putObject(mediaType)
        .set("schema", schema);
  }
}
