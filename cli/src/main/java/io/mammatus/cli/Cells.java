package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cells of tables. */
final class Cells {

  private static final String NOTHING = "-";

  private Cells() {}

  /**
   * A cell.
   *
   * @param what a JSON pointer, or the name of a form
   */
  static String of(JsonNode resource, String what, Session session) {
    String cell =
        switch (what) {
          case "name" -> resource.at("/metadata/name").asText();
          case "phase" -> resource.at("/status/phase").asText();
          case "age" -> age(resource.at("/metadata/createdAt").asText(), Instant.now());
          case "macs" -> joined(resource.at("/status/macs"));
          case "firmware" -> firmware(resource);
          case "memory" -> mebibytes(resource.at("/status/inventory/memoryMiB"));
          case "capacity-memory" -> mebibytes(resource.at("/status/capacity/memoryMiB"));
          case "capacity-disk" -> gibibytes(resource.at("/status/capacity/diskGiB"));
          case "spec-memory" -> mebibytes(resource.at("/spec/memoryMiB"));
          case "spec-disk" -> gibibytes(resource.at("/spec/diskGiB"));
          case "node" -> node(resource, session);
          case "reason" -> reason(resource);
          case "size" -> size(resource.at("/spec/files"));
          case "key-type" -> word(resource.at("/spec/publicKey").asText(), 0);
          case "key-comment" -> word(resource.at("/spec/publicKey").asText(), 2);
          default -> resource.at(what).asText();
        };
    return cell.isEmpty() ? NOTHING : cell;
  }

  private static String firmware(JsonNode machine) {
    String heard = machine.at("/status/firmware").asText();
    return heard.isEmpty() ? machine.at("/status/inventory/firmware").asText() : heard;
  }

  private static String node(JsonNode resource, Session session) {
    String id = resource.at("/status/node").asText();
    return id.isEmpty() ? "" : session.nodeName(id);
  }

  /** Why it is not as it should be; empty if it is. */
  static String reason(JsonNode resource) {
    if (resource.at("/status/phase").asText().equals("running")) {
      return "";
    }
    List<String> reasons = new ArrayList<>();
    for (JsonNode condition : resource.at("/status/conditions")) {
      if (!condition.path("holds").asBoolean()) {
        String message = condition.path("message").asText();
        reasons.add(message.isEmpty() ? condition.path("reason").asText() : message);
      }
    }
    reasons.removeIf(String::isEmpty);
    return String.join("; ", reasons);
  }

  private static String joined(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(item -> texts.add(item.asText()));
    return String.join(",", texts);
  }

  private static String word(String line, int index) {
    String[] words = line.split(" ", 3);
    return words.length > index ? words[index] : "";
  }

  private static String mebibytes(JsonNode number) {
    return number.isNumber() ? bytes(number.asLong() << 20) : "";
  }

  private static String gibibytes(JsonNode number) {
    return number.isNumber() ? number.asLong() + " GiB" : "";
  }

  private static String size(JsonNode files) {
    long sum = 0;
    for (JsonNode file : files) {
      sum += file.path("bytes").asLong();
    }
    return bytes(sum);
  }

  /** In the largest unit that leaves at least one of it. */
  static String bytes(long bytes) {
    String[] units = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = bytes;
    int unit = 0;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    String form = unit == 0 || value == Math.rint(value) ? "%.0f %s" : "%.1f %s";
    return form.formatted(value, units[unit]);
  }

  /** The time since then in its largest unit: 3d, 4h, 5m, 6s. */
  static String age(String since, Instant now) {
    if (since.isEmpty()) {
      return "";
    }
    Duration age = Duration.between(Instant.parse(since), now);
    if (age.toDays() > 0) {
      return age.toDays() + "d";
    } else if (age.toHours() > 0) {
      return age.toHours() + "h";
    }
    return age.toMinutes() > 0 ? age.toMinutes() + "m" : Math.max(0, age.toSeconds()) + "s";
  }

  /** The time from the first to this: {@code +0.3s}, {@code +2m05s}. */
  static String offset(Instant first, Instant at) {
    Duration after = Duration.between(first, at);
    if (after.toMinutes() < 1) {
      return String.format(Locale.ROOT, "+%.1fs", after.toMillis() / 1000.0);
    } else if (after.toHours() < 1) {
      return "+%dm%02ds".formatted(after.toMinutes(), after.toSecondsPart());
    }
    return "+%dh%02dm".formatted(after.toHours(), after.toMinutesPart());
  }
}
