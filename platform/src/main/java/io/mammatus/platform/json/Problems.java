package io.mammatus.platform.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Jackson's exceptions as sentences for people: no class names, no parser's words. */
final class Problems {

  private static final Pattern MISSING = Pattern.compile("creator property '([^']+)'");

  private Problems() {}

  static JsonProblem of(JsonProcessingException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown -> unknownField(unknown);
      case InvalidTypeIdException id -> unknownCase(id);
      case InvalidNullException bad -> new JsonProblem(path(bad), "must not be null");
      case InvalidFormatException bad -> new JsonProblem(path(bad), badFormat(bad));
      case ValueInstantiationException refused -> new JsonProblem(path(refused), why(refused));
      case MismatchedInputException other -> mismatch(other);
      case JsonMappingException other -> new JsonProblem(path(other), why(other));
      default -> new JsonProblem("", "not JSON: " + e.getOriginalMessage() + at(e.getLocation()));
    };
  }

  private static JsonProblem unknownField(UnrecognizedPropertyException e) {
    Collection<Object> ids = Optional.ofNullable(e.getKnownPropertyIds()).orElse(List.of());
    List<String> known = ids.stream().map(String::valueOf).sorted().toList();
    String hint =
        Words.nearest(e.getPropertyName(), known)
            .map(name -> "; did you mean " + name + "?")
            .orElse(known.isEmpty() ? "" : "; known here: " + String.join(", ", known));
    return new JsonProblem(path(e), "there is no such field" + hint);
  }

  private static JsonProblem unknownCase(InvalidTypeIdException e) {
    Class<?> base = e.getBaseType().getRawClass();
    String cases =
        base.isSealed()
            ? Arrays.stream(base.getPermittedSubclasses())
                .map(Class::getSimpleName)
                .sorted()
                .collect(Collectors.joining(", "))
            : "";
    String message =
        e.getTypeId() == null
            ? "is missing; one of: " + cases
            : "there is no " + e.getTypeId() + "; one of: " + cases;
    String path = path(e);
    return new JsonProblem(path.isEmpty() ? "type" : path + ".type", message);
  }

  private static String badFormat(InvalidFormatException e) {
    Class<?> target = e.getTargetType();
    if (target.isEnum()) {
      String names =
          Arrays.stream(target.getEnumConstants())
              .map(constant -> Words.hyphenated(((Enum<?>) constant).name()))
              .collect(Collectors.joining(", "));
      return "there is no " + e.getValue() + "; one of: " + names;
    }
    return ValueTypes.isValue(target)
        ? e.getOriginalMessage()
        : "not " + noun(target) + ": " + e.getValue();
  }

  private static JsonProblem mismatch(MismatchedInputException e) {
    Matcher missing = MISSING.matcher(e.getOriginalMessage());
    if (e.getOriginalMessage().startsWith("Missing required") && missing.find()) {
      String path = path(e);
      String field = missing.group(1);
      boolean named = path.equals(field) || path.endsWith("." + field);
      return new JsonProblem(
          named ? path : path.isEmpty() ? field : path + "." + field, "is missing");
    }
    if (e.getOriginalMessage().startsWith("Trailing token")) {
      return new JsonProblem("", "there is something after the end of the document");
    }
    Class<?> target = e.getTargetType();
    return new JsonProblem(
        path(e), target == null ? "has the wrong form" : "must be " + noun(target));
  }

  private static String why(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        cause instanceof JsonProcessingException json
            ? json.getOriginalMessage()
            : cause.getMessage();
    return message == null ? "is refused" : message;
  }

  private static String noun(Class<?> type) {
    if (type == String.class || ValueTypes.isValue(type) || type.isEnum()) {
      return "a string";
    } else if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    } else if (type == int.class || type == long.class || type == Integer.class) {
      return "a whole number";
    } else if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number";
    } else if (Collection.class.isAssignableFrom(type)) {
      return "a list";
    }
    return type.isRecord() || type.isSealed() || Map.class.isAssignableFrom(type)
        ? "an object"
        : "a value of another form";
  }

  private static String path(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return path.toString();
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }
}
