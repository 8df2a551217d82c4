package io.mammatus.lab.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a cloud says of itself over its API: counters, and who has which address. */
final class Metered {

  private static final Pattern TOKEN = Pattern.compile("shown once\\): (mam_[A-Za-z0-9_-]+)");
  private static final Pattern COUNTER =
      Pattern.compile("mammatus_(packets|metadata)_total\\{(.*)\\} ([0-9.Ee+]+)");
  private static final Pattern VALUE = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final BenchCloud cloud;
  private final FloodNet net;

  /** What is counted apart, whatever it came of it. */
  record Label(String protocol, String reason) implements Comparable<Label> {
    @Override
    public int compareTo(Label other) {
      return Comparator.comparing(Label::protocol)
          .thenComparing(Label::reason)
          .compare(this, other);
    }
  }

  Metered(BenchCloud cloud, FloodNet net) {
    this.cloud = cloud;
    this.net = net;
  }

  private String get(String path) throws IOException {
    Matcher token = TOKEN.matcher(Files.readString(cloud.log()));
    if (!token.find()) {
      throw new IOException("the cloud shows no token");
    }
    return Shell.run(
        "ip",
        "netns",
        "exec",
        net.server(),
        "curl",
        "-sSk",
        "-m",
        "30",
        "--fail",
        "-H",
        "Authorization: Bearer " + token.group(1),
        "https://" + FloodNet.SERVER + ":8443" + path);
  }

  /** All counters of packets and requests, those of one reason together. */
  Map<Label, Double> packets() throws IOException {
    Map<Label, Double> found = new TreeMap<>();
    Matcher counters = COUNTER.matcher(get("/metrics"));
    while (counters.find()) {
      Map<String, String> values = new TreeMap<>();
      VALUE
          .matcher(counters.group(2))
          .results()
          .forEach(value -> values.put(value.group(1), value.group(2)));
      Label label =
          new Label(values.getOrDefault("protocol", "metadata"), values.getOrDefault("reason", ""));
      found.merge(label, Double.parseDouble(counters.group(3)), Double::sum);
    }
    return found;
  }

  /** What was counted since. */
  Map<Label, Double> since(Map<Label, Double> before) throws IOException {
    Map<Label, Double> grown = new TreeMap<>();
    packets()
        .forEach((label, now) -> {
          double by = now - before.getOrDefault(label, 0.0);
          if (by > 0) {
            grown.put(label, by);
          }
        });
    return grown;
  }

  static double sum(Map<Label, Double> counted, String protocol) {
    return counted.entrySet().stream()
        .filter(entry -> entry.getKey().protocol().equals(protocol))
        .mapToDouble(Map.Entry::getValue)
        .sum();
  }

  /** Addresses by MAC, those that are leased or reserved. */
  Map<String, String> leases() throws IOException {
    Map<String, String> found = new TreeMap<>();
    String after = "";
    do {
      JsonNode page =
          new ObjectMapper().readTree(get("/v1/networks/bench/leases?limit=500" + after));
      for (JsonNode item : page.path("items")) {
        String state = item.path("state").asText();
        if (state.equals("bound") || state.equals("reserved")) {
          found.put(item.path("mac").asText(), item.path("address").asText());
        }
      }
      after = page.has("next") ? "&after=" + page.path("next").asText() : "";
    } while (!after.isEmpty());
    return found;
  }

  /** Datagrams that found no room in a socket of that namespace, or lost a fragment, ever. */
  static long dropped(String namespace) throws IOException {
    String sockets = Shell.run("ip", "netns", "exec", namespace, "cat", "/proc/net/udp");
    long full =
        sockets
            .lines()
            .skip(1)
            .mapToLong(line -> Long.parseLong(line.strip().replaceAll(".* ", "")))
            .sum();
    String fragments = Shell.run("ip", "netns", "exec", namespace, "nstat", "-asz", "IpReasmFails");
    Matcher failed = Pattern.compile("IpReasmFails +([0-9]+)").matcher(fragments);
    return full + (failed.find() ? Long.parseLong(failed.group(1)) : 0);
  }
}
