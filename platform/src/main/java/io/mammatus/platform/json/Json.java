package io.mammatus.platform.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AccessorNamingStrategy;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMethod;
import com.fasterxml.jackson.databind.introspect.DefaultAccessorNamingStrategy;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import java.lang.reflect.Type;
import org.jspecify.annotations.Nullable;

/**
 * Records to JSON and back, in two tempers.
 *
 * <p>{@link #strict()} is for what people and programs send: an unknown, missing, doubled or
 * ill-typed field is refused with its path. {@link #lenient()} is for what was written by an older
 * or newer version of this program: unknown fields are ignored and a missing number is zero.
 *
 * <p>Both write the same: components in record order, map entries in key order, absent and null
 * left out, instants and durations in ISO 8601. Thread-safe.
 */
public final class Json {

  private static final Json STRICT = new Json(strictMapper());
  private static final Json LENIENT = new Json(lenientMapper());

  private final ObjectMapper mapper;

  private Json(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  public static Json strict() {
    return STRICT;
  }

  public static Json lenient() {
    return LENIENT;
  }

  /** Jackson's own object, for trees and for types made at run time. Do not configure it. */
  public ObjectMapper mapper() {
    return mapper;
  }

  /**
   * Reads a document.
   *
   * @throws JsonException with the field's path if it is not a {@code T}
   */
  public <T> T read(String json, Class<T> type) {
    return read(json, (Type) type);
  }

  /**
   * Reads a document as a type with parameters; see {@link #type}.
   *
   * @throws JsonException with the field's path if it is not a {@code T}
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // as the type says, which Java cannot
  public <T> T read(String json, Type type) {
    Storable.require(mapper, json);
    JavaType target = mapper.constructType(type);
    try {
      T value = mapper.readValue(json, target);
      if (value == null) {
        throw new JsonException(new JsonProblem("", "null is not expected here"), null);
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new JsonException(Problems.of(e), e);
    }
  }

  /**
   * Reads a part of a document.
   *
   * @throws JsonException with the field's path within {@code node} if it is not a {@code T}
   */
  @SuppressWarnings("TypeParameterUnusedInFormals") // as the type says, which Java cannot
  public <T> T read(JsonNode node, Type type) {
    Storable.require(node, "");
    try {
      return mapper.readerFor(mapper.constructType(type)).readValue(node);
    } catch (JsonProcessingException e) {
      throw new JsonException(Problems.of(e), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e); // a tree does no input
    }
  }

  /** {@code raw<arguments…>}, such as a resource with its spec and status. */
  public Type type(Class<?> raw, Class<?>... arguments) {
    return mapper.getTypeFactory().constructParametricType(raw, arguments);
  }

  /** Writes by the value's own class: a record of a sealed hierarchy has no {@code "type"}. */
  public String write(Object value) {
    return write(value, value.getClass());
  }

  /** Writes as the declared type: a sealed interface adds {@code "type"}. */
  public String write(Object value, Type declared) {
    try {
      return mapper.writerFor(mapper.constructType(declared)).writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a " + value.getClass() + " has no JSON form", e);
    }
  }

  private static ObjectMapper strictMapper() {
    return common(true)
        .enable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
            DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .build();
  }

  private static ObjectMapper lenientMapper() {
    return common(false)
        .disable(
            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .build();
  }

  private static JsonMapper.Builder common(boolean primitivesRequired) {
    return JsonMapper.builder()
        .addModule(new Jdk8Module())
        .addModule(new ValueModule())
        .annotationIntrospector(new RecordShapes(primitivesRequired))
        .serializationInclusion(JsonInclude.Include.NON_ABSENT)
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
        .disable(JsonWriteFeature.ESCAPE_NON_ASCII)
        .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .accessorNaming(new ComponentsOnly());
  }

  /** A record's getX() and isX() beside its components are derived, not data. */
  private static final class ComponentsOnly extends DefaultAccessorNamingStrategy.Provider {
    private static final long serialVersionUID = 1L;

    @Override
    public AccessorNamingStrategy forRecord(MapperConfig<?> config, AnnotatedClass type) {
      return new DefaultAccessorNamingStrategy.RecordNaming(config, type) {
        @Override
        public @Nullable String findNameForIsGetter(AnnotatedMethod method, String name) {
          return null;
        }

        @Override
        public @Nullable String findNameForRegularGetter(AnnotatedMethod method, String name) {
          return _fieldNames.contains(name) ? name : null;
        }
      };
    }
  }
}
