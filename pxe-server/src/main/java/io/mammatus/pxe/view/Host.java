package io.mammatus.pxe.view;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.DhcpSpec;
import java.util.Set;

/**
 * Somebody with a fixed address.
 *
 * @param id the machine's or instance's id in its text form; empty for others
 * @param name its name, or empty, fit for a host name (one label of letters, digits and hyphens)
 * @param macs its network cards; any of them gets the address
 * @param address the one address it keeps, whatever client identifier its current stage sends
 * @param bootable a machine that boots the node image; otherwise it is sent on to its own disk
 */
public record Host(
    Kind kind, String id, String name, Set<Mac> macs, Ipv4 address, boolean bootable) {

  /** What the host is; only machines are ever given something to boot. */
  public enum Kind {
    MACHINE,
    INSTANCE,
    /** A card with an address by a network's reservations. */
    RESERVED,
    /** Somebody with an address of a pool. */
    GUEST
  }

  public Host {
    macs = Set.copyOf(macs);
  }

  static Host reserved(DhcpSpec.Reservation reservation) {
    String name = reservation.hostName();
    return new Host(
        Kind.RESERVED,
        "",
        name == null ? "" : name,
        Set.of(reservation.mac()),
        reservation.address(),
        false);
  }
}
