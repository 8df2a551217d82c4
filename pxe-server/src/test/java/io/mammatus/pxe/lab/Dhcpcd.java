package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Roy Marples' client, as of the package dhcpcd-base: it drops its rights and splits itself up. */
final class Dhcpcd extends RealClient {

  private static final List<String> VARIABLES =
      List.of(
          "new_dhcp_server_identifier",
          "new_subnet_mask",
          "new_routers",
          "new_domain_name_servers",
          "new_domain_name",
          "new_domain_search",
          "new_ntp_servers",
          "new_interface_mtu",
          "new_dhcp_lease_time",
          "new_classless_static_routes");

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
    String what =
        switch (event) {
          case BOUND -> "BOUND";
          case RENEWED -> "RENEW";
          case REBOUND -> "REBIND";
          case REBOOTED -> "REBOOT";
        };
    return Told.of(hook.await(what), "new_ip_address", VARIABLES);
  }

  @Override
  void release() {
    signal("ALRM");
  }
}
