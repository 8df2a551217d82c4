package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.cli.client.ApiClient;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A kind of resource: its words and the columns that people want of it. */
enum KindWord {
  MACHINE(
      "NAME=name PHASE=phase ADDRESS=/status/address MACS=macs FIRMWARE=firmware CPUS=/status/inventory/cpus "
          + "MEMORY=memory NODE=node AGE=age"),
  NODE(
      "NAME=name PHASE=phase CPUS=/status/capacity/cpus MEMORY=capacity-memory DISK=capacity-disk "
          + "SCHEDULABLE=/spec/schedulable AGE=age"),
  INSTANCE(
      "NAME=name PHASE=phase NODE=node ADDRESS=/status/address IMAGE=/spec/image FLAVOR=/spec/flavor AGE=age "
          + "REASON=reason"),
  IMAGE("NAME=name VERSION=/spec/version SIZE=size AGE=age"),
  FLAVOR("NAME=name CPUS=/spec/cpus MEMORY=spec-memory DISK=spec-disk AGE=age"),
  KEY("NAME=name TYPE=key-type COMMENT=key-comment AGE=age"),
  NETWORK(
      "NAME=name CIDR=/spec/cidr INTERFACE=/spec/interfaceName MACHINES=/spec/machines INSTANCES=/spec/instances "
          + "AGE=age");

  /** What the API could take; which of them are names, it says itself. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*");

  private final List<String[]> columns;

  KindWord(String columns) {
    this.columns = Arrays.stream(columns.split(" ")).map(part -> part.split("=", 2)).toList();
  }

  String singular() {
    return name().toLowerCase(Locale.ROOT);
  }

  String plural() {
    return singular() + "s";
  }

  /**
   * Where the one with this name is. What can be no name is refused here: a path made of it could
   * be another one's.
   */
  String path(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new CommandFailed(
          ExitCode.USAGE, "'%s' is no name: one has letters, digits and dashes".formatted(name));
    }
    return "/v1/" + plural() + "/" + ApiClient.segment(name);
  }

  List<String> headings() {
    return columns.stream().map(column -> column[0]).toList();
  }

  List<String> row(JsonNode resource, Session session) {
    return columns.stream().map(column -> Cells.of(resource, column[1], session)).toList();
  }

  /** The kind with this singular or plural word. */
  static KindWord named(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.singular().equals(word) || kind.plural().equals(word))
        .findFirst()
        .orElseThrow(() ->
            new CommandFailed(
                ExitCode.USAGE,
                "there is no kind %s: %s"
                    .formatted(
                        word,
                        Arrays.stream(values())
                            .map(KindWord::singular)
                            .collect(Collectors.joining(", ")))));
  }
}
