package io.mammatus.control.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.json.JsonException;
import io.mammatus.platform.json.JsonProblem;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Resources as the API writes and reads them. */
final class ResourceJson {

  private static final Json JSON = Json.strict();
  private static final Pattern NAMED = Pattern.compile("([A-Za-z]+): (.*)", Pattern.DOTALL);

  private ResourceJson() {}

  /** What somebody wants. */
  record Wanted(@Nullable Labels metadata, Spec spec) {
    /** Null leaves them as they are. */
    @Nullable Map<String, String> labels() {
      return metadata == null ? null : metadata.labels();
    }
  }

  /** The part of the metadata that is the caller's. */
  record Labels(Map<String, String> labels) {}

  /** The form of {@link Wanted} for one kind. */
  private record Body<S extends Spec>(@Nullable Labels metadata, S spec) {}

  static String write(Resource<?, ?> resource) {
    return JSON.write(resource, type(resource.kind()));
  }

  static JsonNode tree(Resource<?, ?> resource) {
    return parse(write(resource));
  }

  private static Type type(Kind kind) {
    return JSON.type(Resource.class, kind.specType(), kind.statusType());
  }

  /**
   * Reads JSON of any form.
   *
   * @throws ProblemException if it is none
   */
  static JsonNode parse(String text) {
    if (text.isBlank()) {
      throw Problem.field("body", "is empty: JSON is expected").exception();
    }
    try {
      return JSON.read(text, JsonNode.class);
    } catch (JsonException e) {
      throw Problem.field(e.problem().path(), e.problem().message()).exception();
    }
  }

  /**
   * Reads what is wanted.
   *
   * @throws ProblemException that names the field which is wrong
   */
  static Wanted wanted(Kind kind, String text) {
    try {
      Body<?> body = JSON.read(text, JSON.type(Body.class, kind.specType()));
      return new Wanted(body.metadata(), body.spec());
    } catch (JsonException e) {
      throw precise(kind, e.problem()).exception();
    }
  }

  /** A record's constructor says "cpus: from 1 to 1024": the field's path is then spec.cpus. */
  private static Problem precise(Kind kind, JsonProblem problem) {
    Matcher named = NAMED.matcher(problem.message());
    return named.matches() && isField(kind, problem.path(), named.group(1))
        ? Problem.field(problem.path() + "." + named.group(1), named.group(2))
        : Problem.field(problem.path(), problem.message());
  }

  /** Whether a record at this path has such a field: the spec, or a record inside it. */
  private static boolean isField(Kind kind, String path, String name) {
    Stream<RecordComponent> ofSpec = Arrays.stream(kind.specType().getRecordComponents());
    Stream<RecordComponent> fields =
        path.equals("spec")
            ? ofSpec
            : ofSpec.flatMap(component -> inner(component.getGenericType()));
    return fields.anyMatch(component -> component.getName().equals(name));
  }

  private static Stream<RecordComponent> inner(Type type) {
    if (type instanceof ParameterizedType generic) {
      return Arrays.stream(generic.getActualTypeArguments()).flatMap(ResourceJson::inner);
    }
    return type instanceof Class<?> plain && plain.isRecord()
        ? Arrays.stream(plain.getRecordComponents())
        : Stream.empty();
  }

  /** What a resource's owner may change, as a tree. */
  static ObjectNode changeable(Resource<?, ?> resource) {
    JsonNode whole = tree(resource);
    ObjectNode part = JSON.mapper().createObjectNode();
    part.putObject("metadata").set("labels", whole.at("/metadata/labels"));
    part.set("spec", whole.get("spec"));
    return part;
  }
}
