package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Roy Marples' client, as of the package dhcpcd-base: it drops its rights and splits itself up. */
final class Dhcpcd extends RealClient {

  private final Hook hook;
  private final Path state;
  private final Path run;

  Dhcpcd(Namespace where, Path folder) throws IOException {
    super(where, folder);
    this.hook = new Hook(folder.resolve("hook"));
    this.state = Files.createDirectories(folder.resolve("state"));
    this.run = Files.createDirectories(folder.resolve("run"));
  }

  @Override
  List<String> command(Set<With> with) throws IOException {
    Files.writeString(
        folder.resolve("conf"),
        """
        ipv4only
        noipv4ll
        nodev
        nodelay
        clientid
        option domain_name_servers, domain_name, domain_search, ntp_servers, interface_mtu
        option classless_static_routes
        require dhcp_server_identifier
        """
            + (with.contains(With.ADDRESS_CHECK) ? "" : "noarp\n")
            + (with.contains(With.BROADCAST_FLAG) ? "broadcast\n" : ""));
    return sheltered(
        """
        mount --bind %s /var/lib/dhcpcd
        mount --bind %s /run
        exec dhcpcd --nobackground --debug --config %s --script %s eth0
        """
            .formatted(state, run, folder.resolve("conf"), hook.script()));
  }

  @Override
  Told await(Event event) {
    return hook.await(event, "new_classless_static_routes");
  }

  @Override
  void release() {
    signal("ALRM");
  }
}
