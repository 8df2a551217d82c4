package io.mammatus.platform.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Texts that can be kept. PostgreSQL's text and jsonb cannot hold U+0000, and half of a surrogate
 * pair has no UTF-8: it would be kept as a question mark. Nothing here has a use for either.
 */
final class Storable {

  private Storable() {}

  /**
   * Refuses a document that has such a text, or such a field's name. One that is no JSON is left to
   * whoever reads it.
   */
  static void require(ObjectMapper mapper, String json) {
    // A control character or a surrogate that is written as it is comes with the text itself.
    if (!json.contains("\\u") && problem(json).isEmpty()) {
      return;
    }
    try (JsonParser parser = mapper.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
          require(parser.getText(), parser.getParsingContext().pathAsPointer());
        }
      }
    } catch (JsonProcessingException e) {
      return; // the reader says it better
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a text does no input
    }
  }

  /** The same for a part of a document. */
  static void require(JsonNode node, String path) {
    if (node.isTextual()) {
      refuse(node.textValue(), path);
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        require(node.path(i), path + "[" + i + "]");
      }
    } else {
      node.properties()
          .forEach(field -> {
            String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
            refuse(field.getKey(), child);
            require(field.getValue(), child);
          });
    }
  }

  private static void require(String text, JsonPointer pointer) {
    if (!problem(text).isEmpty()) {
      refuse(text, path(pointer));
    }
  }

  private static void refuse(String text, String path) {
    String problem = problem(text);
    if (!problem.isEmpty()) {
      throw new JsonException(new JsonProblem(shown(path), problem), null);
    }
  }

  private static String problem(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return "holds the character U+0000: leave it out";
      }
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return "holds half of a surrogate pair (U+%04X): it is no character".formatted((int) c);
      }
    }
    return "";
  }

  private static String path(JsonPointer pointer) {
    StringBuilder path = new StringBuilder();
    for (JsonPointer at = pointer; at != null && !at.matches(); at = at.tail()) {
      if (at.mayMatchElement()) {
        path.append('[').append(at.getMatchingIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(at.getMatchingProperty());
      }
    }
    return path.toString();
  }

  /** The path goes back to the caller, and into the log: what is wrong in it is made visible. */
  private static String shown(String path) {
    StringBuilder shown = new StringBuilder();
    path.codePoints()
        .forEach(c -> {
          boolean bad = c == 0 || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
          shown.append(bad ? "\\u%04x".formatted(c) : Character.toString(c));
        });
    return shown.toString();
  }
}
