package io.mammatus.pxe.view;

import io.mammatus.core.resource.DhcpSpec.Reservation;
import java.util.Set;
import java.util.stream.Stream;

/** Who has an address by a network's reservations. */
final class Reserved {

  private Reserved() {}

  static Stream<Host> of(Subnet subnet) {
    return subnet.dhcp().reservations().stream().map(Reserved::host);
  }

  private static Host host(Reservation reservation) {
    String name = reservation.hostName();
    return new Host(
        Host.Kind.RESERVED,
        "",
        name == null ? "" : name,
        Set.of(reservation.mac()),
        reservation.address(),
        false);
  }
}
