package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The name servers of a resolv.conf (resolv.conf(5)); those with IPv6 addresses are left out. */
final class ResolvConf {

  private static final int MOST = 3; // as the C library has it

  private ResolvConf() {}

  static List<Upstream> parse(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.matches("nameserver\\s+\\S+.*"))
        .flatMap(line -> address(line.split("\\s+")[1]))
        .distinct()
        .limit(MOST)
        .toList();
  }

  private static Stream<Upstream> address(String text) {
    try {
      return Optional.of(new Upstream(Ipv4.parse(text), Upstream.DNS_PORT)).stream();
    } catch (IllegalArgumentException e) {
      return Stream.empty();
    }
  }
}
