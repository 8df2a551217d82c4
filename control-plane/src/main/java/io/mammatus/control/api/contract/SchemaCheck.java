package io.mammatus.control.api.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.api.contract.ContractRules.Broken;
import io.mammatus.platform.json.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * Checks a value against a schema of the contract and tells each rule that it breaks in words, with
 * the path of the field. It knows the keywords that {@link Schemas} writes, no more.
 */
final class SchemaCheck {

  private final JsonNode document;
  private final List<Broken> broken = new ArrayList<>();

  private SchemaCheck(JsonNode document) {
    this.document = document;
  }

  /**
   * The rules that a value breaks.
   *
   * @param document the whole contract, which the schema may refer to
   * @param field the value's own path; empty for a body
   */
  static List<Broken> of(JsonNode document, JsonNode schema, String field, JsonNode value) {
    SchemaCheck check = new SchemaCheck(document);
    check.value(schema, field, value);
    return List.copyOf(check.broken);
  }

  private void value(JsonNode referring, String field, JsonNode value) {
    JsonNode schema = referring;
    while (schema.has("$ref")) {
      schema = document.at(schema.path("$ref").asText().substring(1));
    }
    boolean holds =
        switch (schema.path("type").asText()) {
          case "integer" -> value.isIntegralNumber() && inBounds(schema, value);
          case "boolean" -> value.isBoolean();
          case "string" -> value.isTextual() && isText(schema, value.asText());
          case "array" -> value.isArray() && value.size() <= most(schema, "maxItems");
          case "object" -> value.isObject();
          default -> true;
        };
    if (!holds) {
      broken.add(new Broken(field, "must be " + SchemaWords.of(schema)));
    } else if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        value(schema.path("items"), "%s[%d]".formatted(field, i), value.path(i));
      }
    } else if (value.isObject()) {
      object(schema, field, value);
    }
  }

  private void object(JsonNode schema, String field, JsonNode value) {
    for (JsonNode required : schema.path("required")) {
      if (!value.has(required.asText())) {
        broken.add(new Broken(child(field, required.asText()), "is missing"));
      }
    }
    if (value.size() > most(schema, "maxProperties")) {
      broken.add(
          new Broken(field, "must have at most %s entries".formatted(schema.get("maxProperties"))));
    }
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    for (var member : value.properties()) {
      String path = child(field, member.getKey());
      if (properties.has(member.getKey())) {
        value(properties.path(member.getKey()), path, member.getValue());
      } else if (others.isBoolean() && !others.asBoolean()) {
        broken.add(new Broken(path, "there is no such field" + hint(member.getKey(), properties)));
      } else if (!isText(schema.path("propertyNames"), member.getKey())) {
        broken.add(
            new Broken(path, "its name must be " + SchemaWords.of(schema.path("propertyNames"))));
      } else {
        value(others, path, member.getValue());
      }
    }
  }

  private static String hint(String unknown, JsonNode properties) {
    List<String> known = new ArrayList<>();
    properties.fieldNames().forEachRemaining(known::add);
    return Words.nearest(unknown, known)
        .map(near -> "; did you mean " + near + "?")
        .orElse("; known here: " + String.join(", ", known));
  }

  private static boolean inBounds(JsonNode schema, JsonNode value) {
    return value.canConvertToLong()
        && value.asLong() >= schema.path("minimum").asLong(Long.MIN_VALUE)
        && value.asLong() <= most(schema, "maximum");
  }

  private static boolean isText(JsonNode schema, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= most(schema, "maxLength")
        && (!schema.has("pattern")
            || Pattern.compile(schema.path("pattern").asText()).matcher(text).find())
        && (!schema.has("const") || schema.path("const").asText().equals(text))
        && (!schema.has("enum") || isOneOf(schema.path("enum"), text))
        && isOfForm(schema.path("format").asText(), text);
  }

  private static boolean isOneOf(JsonNode words, String text) {
    for (JsonNode word : words) {
      if (word.asText().equals(text)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfForm(String format, String text) {
    try {
      return !format.equals("uuid") || UUID.fromString(text).toString().equalsIgnoreCase(text);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static long most(JsonNode schema, String keyword) {
    return schema.path(keyword).asLong(Long.MAX_VALUE);
  }

  private static String child(String field, String name) {
    return field.isEmpty() ? name : field + "." + name;
  }
}
