package io.mammatus.platform.config;

import io.mammatus.platform.json.Words;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Walks a YAML tree along a type; notes what is wrong and goes on. Null means: a problem noted. */
final class Binder {

  private final List<ConfigProblem> problems = new ArrayList<>();
  private final Scalars scalars;
  private final Rules rules;

  Binder(@Nullable Path folder) {
    this.scalars = new Scalars(folder);
    this.rules = new Rules(scalars);
  }

  List<ConfigProblem> problems() {
    return problems;
  }

  @Nullable Object bind(Node node, Class<?> type) {
    return bind(node, type, "", type);
  }

  /**
   * @param component whose annotations each single value has to keep
   */
  private @Nullable Object bind(Node node, Type type, String key, AnnotatedElement component) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      Object inner = bind(node, argument(type, 0), key, component);
      return inner == null ? null : Optional.of(inner);
    } else if (raw == List.class) {
      return list(node, argument(type, 0), key, component);
    } else if (raw == Map.class) {
      return map(node, type, key, component);
    } else if (raw.isRecord() && !scalars.knows(raw)) {
      return record(node, raw, key);
    }
    return scalar(node, raw, key, component);
  }

  private @Nullable Object scalar(
      Node node, Class<?> type, String key, AnnotatedElement component) {
    try {
      if (type == Secret.class && node instanceof MappingNode section) {
        return scalars.secretFile(single(section, "file"));
      }
      if (node instanceof ScalarNode scalar) {
        Object value = scalars.read(scalar.getValue(), type);
        rules.check(value, scalar.getValue(), component);
        return value;
      }
      problem(key, node, "takes " + scalars.noun(type) + ", not a list or a section");
    } catch (IllegalArgumentException e) {
      problem(key, node, sentence(e));
    }
    return null;
  }

  private static String single(MappingNode section, String name) {
    for (NodeTuple entry : section.getValue()) {
      if (entry.getKeyNode() instanceof ScalarNode key
          && key.getValue().equals(name)
          && entry.getValueNode() instanceof ScalarNode value
          && section.getValue().size() == 1) {
        return value.getValue();
      }
    }
    throw new IllegalArgumentException("takes a text, or {file: PATH}");
  }

  private @Nullable Object list(Node node, Type element, String key, AnnotatedElement component) {
    if (!(node instanceof SequenceNode sequence)) {
      problem(key, node, "takes a list: write each value on a line after a hyphen");
      return null;
    }
    List<Object> values = new ArrayList<>();
    int index = 0;
    for (Node child : sequence.getValue()) {
      Object value = bind(child, element, key + "[" + index++ + "]", component);
      if (value != null) {
        values.add(value);
      }
    }
    return List.copyOf(values);
  }

  private @Nullable Object map(Node node, Type type, String key, AnnotatedElement component) {
    if (!(node instanceof MappingNode section)) {
      problem(key, node, "takes a section: write name: value on the lines below");
      return null;
    }
    Map<Object, Object> values = new LinkedHashMap<>();
    entries(section, key)
        .forEach((name, child) -> {
          Object mapKey = scalar(keyNode(name, child), raw(argument(type, 0)), key, Object.class);
          Object value = bind(child, argument(type, 1), join(key, name), component);
          if (mapKey != null && value != null) {
            values.put(mapKey, value);
          }
        });
    return Collections.unmodifiableMap(values);
  }

  private static Node keyNode(String name, Node at) {
    return new ScalarNode(Tag.STR, name, at.getStartMark(), at.getEndMark(), ScalarStyle.PLAIN);
  }

  private @Nullable Object record(Node node, Class<?> type, String key) {
    if (!(node instanceof MappingNode section)) {
      problem(key, node, "takes a section with: " + String.join(", ", names(type)));
      return null;
    }
    Map<String, Node> entries = entries(section, key);
    refuseUnknown(entries, type, key);
    boolean good = keepsOneOf(section, entries, type, key);
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      int before = problems.size();
      Node child = entries.get(components[i].getName());
      values[i] = component(components[i], child, section, join(key, components[i].getName()));
      good &= problems.size() == before;
    }
    return good ? construct(type, values, section, entries, key) : null;
  }

  private boolean keepsOneOf(Node section, Map<String, Node> entries, Class<?> type, String key) {
    OneOf oneOf = type.getAnnotation(OneOf.class);
    if (oneOf == null) {
      return true;
    }
    long set =
        Arrays.stream(oneOf.value())
            .map(entries::get)
            .filter(node -> node != null && !isNull(node))
            .count();
    if (set != 1) {
      problem(key, section, oneOf.message());
    }
    return set == 1;
  }

  private @Nullable Object component(
      RecordComponent component, @Nullable Node child, Node section, String key) {
    Type type = component.getGenericType();
    boolean set = child != null && !isNull(child);
    if (component.isAnnotationPresent(NotEmpty.class)
        && (!set || (child instanceof SequenceNode list && list.getValue().isEmpty()))) {
      problem(key, child == null ? section : child, "takes at least one value");
      return null;
    }
    if (child != null && set) {
      return bind(child, type, key, component);
    }
    Default fallback = component.getAnnotation(Default.class);
    if (fallback != null) {
      return scalar(keyNode(fallback.value(), section), raw(type), key, component);
    }
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return Optional.empty();
    } else if (raw == List.class) {
      return List.of();
    } else if (raw == Map.class) {
      return Map.of();
    } else if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
      return null;
    } else if (raw.isRecord() && !scalars.knows(raw)) {
      return record(emptySection(section.getStartMark()), raw, key);
    }
    problem(key, section, "is missing; it takes " + scalars.noun(raw));
    return null;
  }

  private @Nullable Object construct(
      Class<?> type, @Nullable Object[] values, Node node, Map<String, Node> entries, String key) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Faults.Refused refused) {
        for (Faults.Fault fault : refused.faults()) {
          boolean whole = fault.key().isEmpty();
          problem(
              whole ? key : join(key, fault.key()),
              entries.getOrDefault(fault.key(), node),
              fault.message());
        }
        return null;
      }
      if (e.getCause() instanceof IllegalArgumentException refused) {
        problem(key, node, sentence(refused));
        return null;
      }
      throw new IllegalStateException(type + " failed", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be made", e);
    }
  }

  private Map<String, Node> entries(MappingNode section, String key) {
    Map<String, Node> entries = new LinkedHashMap<>();
    for (NodeTuple entry : section.getValue()) {
      Node name = entry.getKeyNode();
      if (!(name instanceof ScalarNode scalar)) {
        problem(key, name, "has a key that is not a plain name");
      } else if (entries.putIfAbsent(scalar.getValue(), entry.getValueNode()) != null) {
        problem(join(key, scalar.getValue()), name, "is set twice; remove one");
      }
    }
    return entries;
  }

  private void refuseUnknown(Map<String, Node> entries, Class<?> type, String key) {
    List<String> known = names(type);
    entries.forEach((name, node) -> {
      if (!known.contains(name)) {
        String hint =
            Words.nearest(name, known)
                .map(near -> "; did you mean " + near + "?")
                .orElse("; known here: " + String.join(", ", known));
        problem(join(key, name), node, "there is no such key" + hint);
      }
    });
  }

  private static List<String> names(Class<?> type) {
    return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
  }

  static MappingNode emptySection(@Nullable Mark at) {
    return new MappingNode(Tag.MAP, true, new ArrayList<>(), at, at, FlowStyle.BLOCK);
  }

  private static boolean isNull(Node node) {
    return node.getTag().equals(Tag.NULL);
  }

  private void problem(String key, Node node, String message) {
    problems.add(new ConfigProblem(key, ConfigReader.line(node), message));
  }

  private static String join(String key, String name) {
    return key.isEmpty() ? name : key + "." + name;
  }

  private static String sentence(IllegalArgumentException e) {
    return e.getMessage() == null ? "is refused" : e.getMessage();
  }

  private static Class<?> raw(Type type) {
    return type instanceof ParameterizedType generic
        ? (Class<?>) generic.getRawType()
        : (Class<?>) type;
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }
}
