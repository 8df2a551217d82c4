package io.mammatus.platform.config;

import io.mammatus.platform.json.Durations;
import io.mammatus.platform.json.ValueTypes;
import io.mammatus.platform.json.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What one text can become. */
final class Scalars {

  private final @Nullable Path folder;

  /**
   * @param folder where the relative path of a secret's file starts
   */
  Scalars(@Nullable Path folder) {
    this.folder = folder;
  }

  /** Whether {@code type} is written as a text although it may be a record. */
  boolean knows(Class<?> type) {
    return ValueTypes.isValue(type);
  }

  /**
   * @throws IllegalArgumentException with a sentence if the text is not one
   */
  Object read(String text, Class<?> type) {
    if (type == String.class) {
      return text;
    } else if (type == boolean.class || type == Boolean.class) {
      return switch (text) {
        case "true" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("takes true or false, not " + text);
      };
    } else if (type == int.class || type == Integer.class) {
      return Math.toIntExact(number(text, Integer.MIN_VALUE, Integer.MAX_VALUE));
    } else if (type == long.class || type == Long.class) {
      return number(text, Long.MIN_VALUE, Long.MAX_VALUE);
    } else if (type == double.class || type == Double.class) {
      return fraction(text);
    } else if (type == Duration.class) {
      return Durations.parse(text);
    } else if (type == Path.class) {
      return path(text);
    } else if (type.isEnum()) {
      return constant(text, type);
    }
    Optional<Function<String, Object>> parser = ValueTypes.parser(type);
    return parser
        .orElseThrow(() -> new IllegalStateException("configuration cannot hold a " + type))
        .apply(text);
  }

  private static long number(String text, long min, long max) {
    try {
      long value = Long.parseLong(text.replace("_", ""));
      if (value >= min && value <= max) {
        return value;
      }
    } catch (NumberFormatException e) {
      // reported below, in words
    }
    throw new IllegalArgumentException("takes a whole number, not " + text);
  }

  private static double fraction(String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("takes a number, not " + text, e);
    }
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("takes a path, not " + text, e);
    }
  }

  private static Object constant(String text, Class<?> type) {
    for (Object constant : type.getEnumConstants()) {
      if (Words.hyphenated(((Enum<?>) constant).name()).equals(text)) {
        return constant;
      }
    }
    throw new IllegalArgumentException("there is no " + text + "; one of: " + constants(type));
  }

  private static String constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> Words.hyphenated(((Enum<?>) constant).name()))
        .collect(Collectors.joining(", "));
  }

  /** The first line of a file; what is wrong with it is told without its content. */
  Secret secretFile(String name) {
    Path file = folder == null ? Path.of(name) : folder.resolve(name);
    try {
      List<String> lines = Files.readAllLines(file);
      if (lines.isEmpty() || lines.getFirst().isBlank()) {
        throw new IllegalArgumentException("the file " + file + " is empty; put the secret in it");
      }
      return new Secret(lines.getFirst().strip());
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "the file " + file + " cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /** What a person would write for the type. */
  String noun(Class<?> type) {
    if (type.isEnum()) {
      return "one of: " + constants(type);
    } else if (type == Duration.class) {
      return "a duration like 30s or 1h";
    } else if (type == int.class || type == long.class) {
      return "a whole number";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == HostPort.class) {
      return "a host and port like 127.0.0.1:8080";
    } else if (type == Path.class) {
      return "a path";
    }
    return "a text (" + Words.hyphenated(type.getSimpleName()) + ")";
  }
}
