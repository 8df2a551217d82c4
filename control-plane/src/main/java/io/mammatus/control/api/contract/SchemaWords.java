package io.mammatus.control.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** What a schema asks of a value, as words for people: a pattern says nothing to most of them. */
final class SchemaWords {

  private static final Map<String, String> PATTERNS =
      Map.of(
          Schemas.DURATION, "a length of time, such as 1h or PT1H",
          Schemas.MAC, "a MAC address, such as 52:54:00:12:34:56",
          Schemas.ADDRESS, "an IPv4 address, such as 10.88.0.1",
          Schemas.NETWORK, "a network, such as 10.88.0.0/24",
          Schemas.RANGE, "two IPv4 addresses with a hyphen between them",
          Schemas.FINGERPRINT, "sha256: and 64 lower-case hexadecimal digits",
          Schemas.DIGEST, "64 lower-case hexadecimal digits",
          Schemas.INTERFACE, "an interface's name: 1 to 15 letters, digits and . : _ -",
          Schemas.LABEL, "1 to 63 letters, digits and . _ / -, and begin with a letter or digit");
  private static final Map<String, String> FORMATS =
      Map.of(
          "uuid", "an id, such as 0f9ac1d2-7b80-4c55-9d0e-3f6a51c2e814",
          "date-time", "an instant, such as 2026-01-02T03:04:05Z");

  private SchemaWords() {}

  /** Whether there are words for a pattern; a test asks it of every pattern in the contract. */
  static boolean knows(String pattern) {
    return PATTERNS.containsKey(pattern);
  }

  /** The end of a sentence that begins with "must be". */
  static String of(JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "integer" -> number(schema);
      case "boolean" -> "true or false";
      case "object" -> "an object";
      case "array" -> "a list" + most(schema, "maxItems", "");
      default -> text(schema);
    };
  }

  private static String number(JsonNode schema) {
    String from = schema.path("minimum").asText();
    String to = schema.path("maximum").asText();
    if (from.isEmpty() && to.isEmpty()) {
      return "a whole number";
    }
    return "a whole number, "
        + (to.isEmpty() ? "at least " + from : "from %s to %s".formatted(from, to));
  }

  private static String text(JsonNode schema) {
    if (schema.has("const")) {
      return schema.path("const").asText();
    } else if (schema.has("enum")) {
      return StreamSupport.stream(schema.path("enum").spliterator(), false)
          .map(JsonNode::asText)
          .collect(Collectors.joining(", ", "one of ", ""));
    } else if (schema.has("pattern")) {
      String pattern = schema.path("pattern").asText();
      return PATTERNS.getOrDefault(pattern, "text that matches " + pattern);
    } else if (FORMATS.containsKey(schema.path("format").asText())) {
      return String.valueOf(FORMATS.get(schema.path("format").asText()));
    }
    String least = schema.has("minLength") ? " of at least " + schema.path("minLength") : "";
    return "text"
        + least
        + most(schema, "maxLength", least)
        + (unbounded(schema) ? "" : " characters");
  }

  private static boolean unbounded(JsonNode schema) {
    return !schema.has("minLength") && !schema.has("maxLength");
  }

  private static String most(JsonNode schema, String keyword, String before) {
    if (!schema.has(keyword)) {
      return "";
    }
    return (before.isEmpty() ? " of at most " : " and at most ") + schema.path(keyword);
  }
}
