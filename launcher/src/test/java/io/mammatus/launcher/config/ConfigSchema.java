package io.mammatus.launcher.config;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.config.Secret;
import io.mammatus.platform.json.ValueTypes;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON Schema (2020-12) of a configuration record, with the comments of the samples: for editors,
 * which know the keys by it. The program itself checks more than a schema can say.
 */
final class ConfigSchema {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Map<String, SampleFile.Entry> notes;

  private ConfigSchema(Map<String, SampleFile.Entry> notes) {
    this.notes = notes;
  }

  /** The schema as text. */
  static String of(SampleFile sample, Map<String, SampleFile.Entry> notes) throws IOException {
    ObjectNode schema = JSON.createObjectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Mammatus: " + sample.name() + ".yaml");
    schema.setAll(new ConfigSchema(notes).section(sample.type(), ""));
    return JSON.writeValueAsString(schema) + "\n";
  }

  private ObjectNode section(Class<?> type, String path) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    schema.put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JSON.createArrayNode();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = (path.isEmpty() ? "" : path + ".") + component.getName();
      ObjectNode property = value(component.getGenericType(), key);
      SampleFile.Entry note = notes.get(key);
      if (note != null) {
        property.put("description", note.comment());
      }
      Default fallback = component.getAnnotation(Default.class);
      if (fallback != null) {
        putDefault(property, fallback.value());
      }
      properties.set(component.getName(), property);
      if (isRequired(component)) {
        required.add(component.getName());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static void putDefault(ObjectNode property, String value) {
    switch (property.path("type").asText()) {
      case "integer" -> property.put("default", Integer.parseInt(value));
      case "boolean" -> property.put("default", Boolean.parseBoolean(value));
      default -> property.put("default", value);
    }
  }

  /** Whether the reader refuses a file without it. */
  static boolean isRequired(RecordComponent component) {
    Class<?> type = component.getType();
    if (component.isAnnotationPresent(Default.class)
        || List.of(Optional.class, List.class, Map.class).contains(type)) {
      return false;
    }
    boolean isSection = type.isRecord() && !ValueTypes.isValue(type);
    return !isSection || List.of(type.getRecordComponents()).stream().anyMatch(c -> isRequired(c));
  }

  private ObjectNode value(Type type, String path) {
    if (type instanceof ParameterizedType generic) {
      ObjectNode inner = value(generic.getActualTypeArguments()[0], path);
      if (generic.getRawType() == Optional.class) {
        return inner;
      }
      ObjectNode list = JSON.createObjectNode().put("type", "array");
      list.set("items", inner);
      return list;
    }
    return plain((Class<?>) type, path);
  }

  private ObjectNode plain(Class<?> type, String path) {
    ObjectNode schema = JSON.createObjectNode();
    if (type == int.class || type == Integer.class || type == long.class) {
      return schema.put("type", "integer");
    } else if (type == boolean.class) {
      return schema.put("type", "boolean");
    } else if (type == Secret.class) {
      ArrayNode forms = schema.putArray("anyOf");
      forms.addObject().put("type", "string");
      ObjectNode file = forms.addObject().put("type", "object");
      file.put("additionalProperties", false);
      file.putObject("properties").putObject("file").put("type", "string");
      file.putArray("required").add("file");
      return schema;
    } else if (type == Duration.class) {
      return schema
          .put("type", "string")
          .put("pattern", "^(([0-9]{1,9}(ms|s|m|h|d))+|P[0-9DTHMS.]+)$");
    } else if (type == HostPort.class) {
      return schema.put("type", "string").put("pattern", ":[0-9]{1,5}$");
    } else if (type.isRecord() && !ValueTypes.isValue(type)) {
      return section(type, path);
    }
    return schema.put("type", "string");
  }
}
