package io.mammatus.control.api.contract;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.json.ValueTypes;
import io.mammatus.platform.json.Words;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records as JSON Schema, in the form that {@link Json} gives them. */
final class Schemas {

  private static final String IPV4 =
      "((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])\\.){3}(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])";

  // Each has its words in SchemaWords.
  static final String MAC = "^([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}$";
  static final String ADDRESS = "^" + IPV4 + "$";
  static final String NETWORK = "^" + IPV4 + "/[0-9]{1,2}$";
  static final String RANGE = "^" + IPV4 + " *- *" + IPV4 + "$";
  static final String FINGERPRINT = "^sha256:[0-9a-f]{64}$";
  static final String DIGEST = "^[0-9a-f]{64}$";
  static final String INTERFACE = "^[A-Za-z0-9_.:-]{1,15}$";
  static final String DURATION = "^(([0-9]{1,9}(ms|s|m|h|d))+|P[0-9T][0-9DTHMS.]*)$";
  static final String LABEL = "^[A-Za-z0-9]([A-Za-z0-9._/-]{0,62})$";

  private static final Map<Class<?>, String> PATTERNS =
      Map.of(
          Mac.class, MAC,
          Ipv4.class, ADDRESS,
          IpAddress.class, ADDRESS,
          Cidr.class, NETWORK,
          AddressRange.class, RANGE,
          Duration.class, DURATION);
  private static final Map<Class<?>, String> FORMATS = Map.of(Instant.class, "date-time");

  private final SortedMap<String, ObjectNode> components = new TreeMap<>();

  /** Every record that was referred to so far, by name. */
  SortedMap<String, ObjectNode> components() {
    return components;
  }

  /** Adds a schema under a name. */
  void put(String name, ObjectNode schema) {
    components.put(name, schema);
  }

  static ObjectNode object() {
    return Json.strict().mapper().createObjectNode();
  }

  static ObjectNode ref(String name) {
    return object().put("$ref", "#/components/schemas/" + name);
  }

  /** A reference to the record's schema, which is made when it is first asked for. */
  ObjectNode record(Class<?> type) {
    String name = type.getSimpleName();
    if (!components.containsKey(name)) {
      components.put(name, object()); // a record may hold itself
      components.put(name, describe(type));
    }
    return ref(name);
  }

  private ObjectNode describe(Class<?> type) {
    ObjectNode schema = object().put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = Json.strict().mapper().createArrayNode();
    for (RecordComponent component : type.getRecordComponents()) {
      FieldNotes.Note note = FieldNotes.of(type, component.getName());
      ObjectNode field = of(component.getGenericType());
      if (!field.has("$ref")) {
        field.put("description", note.description());
        field.setAll(note.keywords());
      }
      properties.set(component.getName(), field);
      if (isRequired(component)) {
        required.add(component.getName());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  private static boolean isRequired(RecordComponent component) {
    Class<?> type = component.getType();
    return !component.getAnnotatedType().isAnnotationPresent(Nullable.class)
        && !List.class.isAssignableFrom(type)
        && !Map.class.isAssignableFrom(type);
  }

  private ObjectNode of(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      if (generic.getRawType() == List.class) {
        ObjectNode list = object().put("type", "array");
        list.set("items", of(arguments[0]));
        return list;
      }
      if (generic.getRawType() == Map.class) {
        ObjectNode map = object().put("type", "object");
        map.set("additionalProperties", of(arguments[1]));
        return map;
      }
    }
    if (type instanceof Class<?> plain) {
      return ofClass(plain);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  private ObjectNode ofClass(Class<?> type) {
    ObjectNode schema = object();
    if (type == String.class) {
      return schema.put("type", "string");
    } else if (type == boolean.class || type == Boolean.class) {
      return schema.put("type", "boolean");
    } else if (type == int.class || type == Integer.class) {
      return schema.put("type", "integer").put("format", "int32");
    } else if (type == long.class) {
      return schema.put("type", "integer").put("format", "int64");
    } else if (type.isEnum()) {
      schema.put("type", "string");
      ArrayNode words = schema.putArray("enum");
      for (Object constant : type.getEnumConstants()) {
        words.add(Words.hyphenated(((Enum<?>) constant).name()));
      }
      return schema;
    } else if (ValueTypes.isValue(type)) {
      return value(type);
    } else if (type.isRecord()) {
      return record(type);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  private static ObjectNode value(Class<?> type) {
    ObjectNode schema = object().put("type", "string");
    String pattern = PATTERNS.get(type);
    return pattern == null
        ? schema.put("format", FORMATS.getOrDefault(type, "uuid"))
        : schema.put("pattern", pattern);
  }
}
