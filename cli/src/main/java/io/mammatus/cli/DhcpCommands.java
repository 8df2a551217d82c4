package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.cli.client.ApiClient;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.resource.AddressRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** dhcp: who has which address, what was asked and answered, and what others had reserved. */
final class DhcpCommands {

  private DhcpCommands() {}

  static CommandLine create(Session session) {
    return Group.of("dhcp", "Addresses: who has which, and what was asked and answered.")
        .addSubcommand(new Leases(session))
        .addSubcommand(new Why(session))
        .addSubcommand(new Import(session));
  }

  /** Lists who has which address. */
  @Command(name = "leases", description = "List who has which address, by address.")
  static final class Leases implements Callable<Integer> {
    private final Session session;

    @Parameters(
        arity = "0..*",
        paramLabel = "NETWORK",
        description = "Of these networks; of all if none is named.")
    private List<String> networks = new ArrayList<>();

    Leases(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      ApiClient api = session.api();
      List<String> names =
          networks.isEmpty()
              ? api.list("networks", Map.of()).stream()
                  .map(network -> network.at("/metadata/name").asText())
                  .toList()
              : networks;
      ArrayNode items = JsonNodeFactory.instance.arrayNode();
      for (String name : names) {
        api.pages(
            KindWord.NETWORK.path(name) + "/leases?limit=1000",
            item -> items.add(((ObjectNode) item).put("network", name)));
      }
      if (session.output() == Session.Output.table) {
        table(items);
      } else {
        session.tree(items);
      }
      return ExitCode.OK;
    }

    private void table(ArrayNode items) {
      Table table = new Table(List.of("ADDRESS", "STATE", "MAC", "NAME", "UNTIL", "NETWORK"));
      for (JsonNode item : items) {
        table.add(
            List.of(
                item.path("address").asText(),
                item.path("state").asText(),
                item.path("mac").asText(),
                item.path("hostName").asText(),
                item.path("until").asText("").replaceFirst("\\.[0-9]+Z", "Z"),
                item.path("network").asText()));
      }
      table.lines().forEach(session::say);
    }
  }

  /** Tells a card's story. */
  @Command(
      name = "why",
      description =
          "Tell what a network card asked, what it was answered or why not, oldest first.")
  static final class Why implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "MAC")
    private @Nullable String mac;

    Why(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() {
      String card = ApiClient.segment(Objects.requireNonNull(mac));
      Story.tell(
          session, item -> session.api().pages("/v1/cards/" + card + "/why?limit=500", item));
      return ExitCode.OK;
    }
  }

  /** Takes reservations over. */
  @Command(
      name = "import",
      description =
          "Take over which card gets which address from Kea's or dnsmasq's configuration.")
  static final class Import implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NETWORK")
    private @Nullable String network;

    @ArgGroup(multiplicity = "1")
    private final Source source = new Source();

    /** Whose configuration it is. */
    static final class Source {
      @Option(names = "--kea", paramLabel = "FILE", description = "Such as kea-dhcp4.conf.")
      private @Nullable Path kea;

      @Option(names = "--dnsmasq", paramLabel = "FILE", description = "Such as dnsmasq.conf.")
      private @Nullable Path dnsmasq;
    }

    Import(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      String path = KindWord.NETWORK.path(Objects.requireNonNull(network));
      JsonNode spec = session.api().get(path).path("spec");
      List<AddressRange> given =
          Stream.of("machines", "instances")
              .filter(spec::hasNonNull)
              .map(range -> AddressRange.parse(spec.path(range).asText()))
              .toList();
      Reservations.Found found = read().within(Cidr.parse(spec.path("cidr").asText()), given);
      found.skipped().forEach(line -> session.note("left out: " + line));
      found.notes().forEach(note -> session.note(note.toString()));
      Map<String, ObjectNode> merged = new LinkedHashMap<>();
      spec.at("/dhcp/reservations")
          .forEach(item -> merged.put(item.path("mac").asText(), (ObjectNode) item));
      found.reservations().forEach(r -> merged.put(r.mac(), item(r)));
      ObjectNode patch = JsonNodeFactory.instance.objectNode();
      merged.values().forEach(patch.withObject("/spec/dhcp").withArray("reservations")::add);
      JsonNode after = session.api().patch(path, patch);
      session.done(
          after,
          "network %s has %d reservations, %d of them from the file"
              .formatted(network, merged.size(), found.reservations().size()));
      if (spec.at("/dhcp/unknown").asText("enrol").equals("enrol")
          && !found.reservations().isEmpty()) {
        session.note(
            "a reserved card that asks for something to boot becomes a machine with its address"
                + " (dhcp.unknown is enrol); others only get the address");
      }
      return ExitCode.OK;
    }

    private Reservations.Found read() throws IOException {
      return source.kea != null
          ? Reservations.ofKea(Files.readString(source.kea))
          : Reservations.ofDnsmasq(Files.readString(Objects.requireNonNull(source.dnsmasq)));
    }

    private static ObjectNode item(Reservations.Reservation reservation) {
      ObjectNode item =
          JsonNodeFactory.instance
              .objectNode()
              .put("mac", reservation.mac())
              .put("address", reservation.address());
      return reservation.hostName().isEmpty() ? item : item.put("hostName", reservation.hostName());
    }
  }
}
