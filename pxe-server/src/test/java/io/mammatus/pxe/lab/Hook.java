package io.mammatus.pxe.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * The script that a DHCP client calls with what it was told: keeps that, and sets the address and
 * nothing else. udhcpc says what happened in its first argument, dhclient and dhcpcd in the
 * variable {@code reason}.
 */
final class Hook {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path folder;
  private final Path script;
  private int calls;

  /** The variables of one call. */
  record Told(Map<String, String> variables) {
    String get(String name) {
      String value = variables.get(name);
      if (value == null) {
        throw new AssertionError("it was not told " + name + ": " + variables);
      }
      return value;
    }
  }

  /**
   * @param folder a new one, for the script and what it keeps
   */
  Hook(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.script = folder.resolve("hook");
    Files.writeString(
        script,
        """
        #!/bin/sh
        what=${reason:-$1}
        address=${new_ip_address:-$ip}
        case $what in
          bound | renew | BOUND | RENEW | REBIND | REBOOT) ip address replace "$address/24" dev "$interface" ;;
          deconfig | RELEASE | EXPIRE) ip address flush dev "$interface" ;;
        esac
        number=$(($(ls %1$s/told-* 2>/dev/null | wc -l) + 1))
        { echo "what=$what"; env; } > %1$s/new
        mv %1$s/new %1$s/told-$number
        """
            .formatted(folder));
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("the hook cannot be made executable");
    }
  }

  String script() {
    return script.toString();
  }

  /**
   * Waits until dhclient or dhcpcd tells of an event, in the words that both have.
   *
   * @param routes the variable of the classless routes, for which each has its own
   */
  RealClient.Told await(RealClient.Event event, String routes) {
    String what =
        switch (event) {
          case BOUND -> "BOUND";
          case RENEWED -> "RENEW";
          case REBOUND -> "REBIND";
          case REBOOTED -> "REBOOT";
        };
    return RealClient.Told.of(
        await(what),
        "new_ip_address",
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
            routes));
  }

  /** Waits until the client tells one of these that it has not told before. */
  Told await(String... what) {
    Awaitility.await(String.join(" or ", what)).atMost(LIMIT).until(() -> next(what) > 0);
    calls = next(what);
    return read(calls);
  }

  private int next(String... what) {
    for (int i = calls + 1; Files.exists(file(i)); i++) {
      if (List.of(what).contains(read(i).get("what"))) {
        return i;
      }
    }
    return 0;
  }

  private Path file(int call) {
    return folder.resolve("told-" + call);
  }

  private Told read(int call) {
    Map<String, String> told = new HashMap<>();
    try (Stream<String> lines = Files.lines(file(call))) {
      lines
          .filter(line -> line.contains("="))
          .forEach(line -> {
            int at = line.indexOf('=');
            told.put(line.substring(0, at), line.substring(at + 1));
          });
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return new Told(told);
  }
}
