package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** ISC's client. */
final class Dhclient extends RealClient {

  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Hook hook;

  Dhclient(Namespace where, Path folder) throws IOException {
    super(where, folder);
    this.hook = new Hook(folder.resolve("hook"));
  }

  @Override
  List<String> command(Set<With> with) throws IOException {
    Files.writeString(
        folder.resolve("conf"),
        """
        option routes code 121 = array of unsigned integer 8;
        request subnet-mask, routers, domain-name-servers, domain-name, domain-search, ntp-servers,
          interface-mtu, routes;
        """);
    if (!with.isEmpty()) {
      throw new IllegalArgumentException("it knows nothing of " + with);
    }
    return dhclient("-d", "-cf", folder.resolve("conf").toString());
  }

  private List<String> dhclient(String... more) {
    List<String> command = new ArrayList<>(List.of("dhclient", "-4", "-v"));
    command.addAll(List.of(more));
    command.addAll(
        List.of(
            "-lf",
            folder.resolve("leases").toString(),
            "-pf",
            folder.resolve("pid").toString(),
            "-sf",
            hook.script(),
            "eth0"));
    return command;
  }

  @Override
  Told await(Event event) {
    Told told = hook.await(event, "new_routes");
    return told.with("routes", routes(told.setting("routes")))
        .with("search", told.setting("search").replaceAll("\\.( |$)", "$1"));
  }

  /** It gives option 121 as the octets of RFC 3442. */
  private static String routes(String octets) {
    Iterator<Integer> all = Stream.of(octets.split(" ")).map(Integer::valueOf).iterator();
    List<String> routes = new ArrayList<>();
    while (all.hasNext()) {
      int length = all.next();
      routes.add(dotted(all, (length + 7) / 8) + "/" + length + " " + dotted(all, 4));
    }
    return String.join(" ", routes);
  }

  private static String dotted(Iterator<Integer> octets, int count) {
    List<String> parts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      parts.add(i < count ? String.valueOf(octets.next()) : "0");
    }
    return String.join(".", parts);
  }

  /** Gives it the lease file of somebody who had that address. */
  void remember(String address) throws IOException {
    Files.writeString(folder.resolve("leases"), leaseFile(address));
  }

  /** A lease file of somebody who had that address from the server at 10.88.0.1. */
  static String leaseFile(String address) {
    return """
    lease {
      interface "eth0";
      fixed-address %s;
      option subnet-mask 255.255.255.0;
      option dhcp-lease-time 3600;
      option dhcp-server-identifier 10.88.0.1;
      renew 2 2040/01/03 00:00:00;
      rebind 2 2040/01/03 00:00:00;
      expire 2 2040/01/03 00:00:00;
    }
    """
        .formatted(address);
  }

  @Override
  void release() {
    Namespace.Result released = where.run(LIMIT, dhclient("-r").toArray(String[]::new));
    if (released.status() != 0) {
      throw new AssertionError(released.output());
    }
  }
}
