package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Scenario.KEY_A;
import static io.mammatus.core.cloud.Scenario.MAC_A;
import static io.mammatus.core.cloud.Scenario.MAC_B;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AddressRange;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.DhcpSpec.Reservation;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.NetworkSpec;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network changes around the addresses that somebody has. */
class NetworkChangeTest {

  private final Scenario rack = Scenario.withNetwork();

  /** A machine has .10, an instance .100; their ranges have moved on since. */
  @BeforeEach
  void populate() {
    rack.stocks();
    rack.joins(MAC_A, KEY_A, 1024);
    rack.creates("web");
    rack.plan();
    rack.apply(Kind.NETWORK, "lab", changed("10.88.0.0/24", "10.88.0.1", "10.88.0.1"));
  }

  /** With a pool, and a reservation for a card that nobody has. */
  private static NetworkSpec pooled(String pool, String reserved, Mac card) {
    return changed(
        new DhcpSpec(
            null,
            null,
            List.of(AddressRange.parse(pool)),
            List.of(),
            List.of(new Reservation(card, Ipv4.parse(reserved), null)),
            List.of(),
            List.of(),
            null,
            List.of(),
            List.of(),
            null,
            null,
            null,
            List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "10.88.0.5-10.88.0.15,    10.88.0.250, spec.dhcp.pools, machine machine-1 has 10.88.0.10",
    "10.88.0.99-10.88.0.101,  10.88.0.250, spec.dhcp.pools, instance web has 10.88.0.100",
    "10.88.0.200-10.88.0.201, 10.88.0.10, spec.dhcp.reservations, machine machine-1 has 10.88.0.10"
  })
  void itGivesNobodysAddressToOthers(String pool, String reserved, String field, String message) {
    NetworkSpec changed = pooled(pool, reserved, MAC_B);
    Failure failure = rack.refuses(rack.applying(Kind.NETWORK, "lab", changed, null));
    assertThat(failure.field()).isEqualTo(field);
    assertThat(failure.message()).startsWith(message);
  }

  @Test
  void whatACardHasMayBeReservedForIt() {
    NetworkSpec changed = pooled("10.88.0.5-10.88.0.15", "10.88.0.10", MAC_A);
    assertThat(rack.apply(Kind.NETWORK, "lab", changed)).hasSize(1);
  }

  private static NetworkSpec changed(String cidr, String server, String gateway) {
    return new NetworkSpec(
        Cidr.parse(cidr),
        "br0",
        Ipv4.parse(server),
        Ipv4.parse(gateway),
        AddressRange.parse("10.88.0.20-10.88.0.29"),
        AddressRange.parse("10.88.0.30-10.88.0.39"),
        List.of(),
        "lab",
        Duration.ofHours(1));
  }

  private static NetworkSpec changed(DhcpSpec dhcp) {
    NetworkSpec plain = changed("10.88.0.0/24", "10.88.0.1", "10.88.0.1");
    return new NetworkSpec(
        plain.cidr(),
        plain.interfaceName(),
        plain.server(),
        plain.gateway(),
        plain.machines(),
        plain.instances(),
        plain.dns(),
        plain.domain(),
        plain.lease(),
        dhcp);
  }

  @ParameterizedTest
  @CsvSource({
    "10.88.0.0/24, 10.88.0.10,  10.88.0.1,   spec.server,  machine machine-1 has 10.88.0.10",
    "10.88.0.0/24, 10.88.0.100, 10.88.0.1,   spec.server,  instance web has 10.88.0.100",
    "10.88.0.0/24, 10.88.0.1,   10.88.0.10,  spec.gateway, machine machine-1 has 10.88.0.10",
    "10.88.0.0/24, 10.88.0.1,   10.88.0.100, spec.gateway, instance web has 10.88.0.100",
    "10.88.0.0/26, 10.88.0.1,   10.88.0.1,   spec.cidr,    instance web has 10.88.0.100"
  })
  void itTakesNobodysAddress(
      String cidr, String server, String gateway, String field, String message) {
    Failure failure =
        rack.refuses(rack.applying(Kind.NETWORK, "lab", changed(cidr, server, gateway), null));
    assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
    assertThat(failure.field()).isEqualTo(field);
    assertThat(failure.message()).startsWith(message);
  }

  @ParameterizedTest
  @CsvSource({
    "10.88.0.0/24, 10.88.0.2, 10.88.0.3",
    "10.88.0.0/25, 10.88.0.1, 10.88.0.1",
    "10.88.0.0/16, 10.88.1.1, 10.88.0.11"
  })
  void itChangesToWhatIsFree(String cidr, String server, String gateway) {
    assertThat(rack.apply(Kind.NETWORK, "lab", changed(cidr, server, gateway))).hasSize(1);
  }
}
