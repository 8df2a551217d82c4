package io.mammatus.control.api;

import io.mammatus.store.trace.TraceRecord;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the trace holds, as a sentence for people. The words come from the services that wrote them;
 * one that is not known here is told with all its facts.
 */
final class TraceSentences {

  private TraceSentences() {}

  static String of(TraceRecord trace) {
    return switch (trace.source()) {
      case "dhcp" -> dhcp(trace);
      case "boot" -> boot(trace);
      case "metadata" ->
          "asked the metadata service for %s: %s%s"
              .formatted(
                  fact(trace, "path"),
                  fact(trace, "status"),
                  trace.reason().isEmpty() ? "" : ", " + trace.reason());
      default -> plain(trace);
    };
  }

  private static String dhcp(TraceRecord trace) {
    String what = "DHCP " + trace.what().toUpperCase(Locale.ROOT);
    String detail = fact(trace, "detail");
    return switch (fact(trace, "outcome")) {
      case "answered" ->
          switch (trace.reason()) {
            case "address" -> "%s: answered with %s".formatted(what, detail);
            case "script" -> "%s: answered with %s and the boot script".formatted(what, detail);
            case "loader", "http-loader", "chain-loader" ->
                "%s: answered with %s and a boot loader".formatted(what, detail);
            default -> "%s: answered (%s) %s".formatted(what, trace.reason(), detail);
          };
      case "parked" ->
          "%s from an unknown card (%s): held until it is enrolled".formatted(what, detail);
      case "ignored" -> "%s: ignored (%s) %s".formatted(what, trace.reason(), detail);
      default -> plain(trace);
    };
  }

  private static String boot(TraceRecord trace) {
    String file = fact(trace, "file");
    String name = file.length() == 64 ? file.substring(0, 12) + "…" : file;
    return switch (trace.reason()) {
      case "started" -> "begins to fetch %s (%s)".formatted(trace.what(), name);
      case "finished" ->
          "has fetched %s (%s): %s in %s"
              .formatted(
                  trace.what(), name, bytes(fact(trace, "bytes")), seconds(fact(trace, "millis")));
      case "broken-off" -> "broke off fetching %s (%s)".formatted(trace.what(), name);
      case "failed" ->
          "could not fetch all of %s (%s): %s in %s"
              .formatted(
                  trace.what(), name, bytes(fact(trace, "bytes")), seconds(fact(trace, "millis")));
      default -> plain(trace);
    };
  }

  private static String plain(TraceRecord trace) {
    Map<String, String> detail = new TreeMap<>(trace.detail());
    String facts =
        detail.entrySet().stream()
            .filter(fact -> !fact.getValue().isEmpty())
            .map(fact -> fact.getKey() + " " + fact.getValue())
            .collect(Collectors.joining(", "));
    return trace.source()
        + " "
        + trace.what()
        + (trace.reason().isEmpty() ? "" : ": " + trace.reason())
        + (facts.isEmpty() ? "" : " (" + facts + ")");
  }

  private static String fact(TraceRecord trace, String name) {
    return trace.detail().getOrDefault(name, "");
  }

  private static String bytes(String text) {
    long bytes = number(text);
    return bytes < 1 << 20
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }

  private static String seconds(String millis) {
    return String.format(Locale.ROOT, "%.1f s", number(millis) / 1000.0);
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }
}
