package io.mammatus.platform.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import com.fasterxml.jackson.databind.jsontype.TypeResolverBuilder;
import com.fasterxml.jackson.databind.jsontype.impl.StdTypeResolverBuilder;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers Jackson's questions about a class from its shape where it would look for annotations. */
final class RecordShapes extends JacksonAnnotationIntrospector {

  private static final long serialVersionUID = 1L;
  private static final String TYPE = "type";

  /** Whether a missing number or boolean is refused; the log reads it as zero. */
  private final boolean primitivesRequired;

  RecordShapes(boolean primitivesRequired) {
    this.primitivesRequired = primitivesRequired;
  }

  @Override
  public @Nullable TypeResolverBuilder<?> findTypeResolver(
      MapperConfig<?> config, AnnotatedClass annotated, JavaType baseType) {
    Class<?> raw = annotated.getRawType();
    if (!isHierarchy(raw)) {
      return super.findTypeResolver(config, annotated, baseType);
    }
    JsonTypeInfo.Value named =
        JsonTypeInfo.Value.construct(
            JsonTypeInfo.Id.NAME, JsonTypeInfo.As.PROPERTY, TYPE, null, false, true);
    return new StdTypeResolverBuilder(named);
  }

  @Override
  public @Nullable List<NamedType> findSubtypes(Annotated annotated) {
    Class<?> raw = annotated.getRawType();
    if (!isHierarchy(raw)) {
      return super.findSubtypes(annotated);
    }
    Map<String, Class<?>> cases = new LinkedHashMap<>();
    collect(raw, cases);
    List<NamedType> subtypes = new ArrayList<>();
    cases.forEach((name, type) -> subtypes.add(new NamedType(type, name)));
    return subtypes;
  }

  private static boolean isHierarchy(Class<?> type) {
    return type.isInterface() && type.isSealed() && !ValueTypes.isValue(type);
  }

  private static void collect(Class<?> type, Map<String, Class<?>> cases) {
    for (Class<?> permitted : type.getPermittedSubclasses()) {
      if (permitted.isSealed() && permitted.isInterface()) {
        collect(permitted, cases);
        continue;
      }
      Class<?> other = cases.putIfAbsent(permitted.getSimpleName(), permitted);
      if (other != null && other != permitted) {
        throw new IllegalStateException(
            other + " and " + permitted + " would have the same \"type\" in JSON");
      }
    }
  }

  @Override
  public String[] findEnumValues(
      MapperConfig<?> config, AnnotatedClass annotated, Enum<?>[] values, String[] names) {
    for (int i = 0; i < values.length; i++) {
      names[i] = Words.hyphenated(values[i].name());
    }
    return names;
  }

  @Override
  public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
    return component(member)
        .map(component -> isRequired(component))
        .orElseGet(() -> super.hasRequiredMarker(member));
  }

  private boolean isRequired(RecordComponent component) {
    Class<?> type = component.getType();
    if (type.isPrimitive()) {
      return primitivesRequired;
    }
    return !isNullable(component) && !isContainer(type) && type != Optional.class;
  }

  /** A null, and a collection that is missing, is what the component's type can hold instead. */
  @Override
  public JsonSetter.Value findSetterInfo(Annotated annotated) {
    if (!(annotated instanceof AnnotatedMember member)) {
      return super.findSetterInfo(annotated);
    }
    return component(member)
        .filter(component -> !component.getType().isPrimitive() && !isNullable(component))
        .filter(component -> component.getType() != Optional.class)
        .map(component ->
            JsonSetter.Value.forValueNulls(
                isContainer(component.getType()) ? Nulls.AS_EMPTY : Nulls.FAIL))
        .orElseGet(() -> super.findSetterInfo(annotated));
  }

  private static boolean isContainer(Class<?> type) {
    return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
  }

  private static boolean isNullable(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  /** The record component that a parameter of the canonical constructor stands for. */
  private static Optional<RecordComponent> component(AnnotatedMember member) {
    Class<?> type = member.getDeclaringClass();
    if (!type.isRecord() || !(member instanceof AnnotatedParameter parameter)) {
      return Optional.empty();
    }
    RecordComponent[] components = type.getRecordComponents();
    boolean canonical = parameter.getOwner().getParameterCount() == components.length;
    return canonical ? Optional.of(components[parameter.getIndex()]) : Optional.empty();
  }
}
