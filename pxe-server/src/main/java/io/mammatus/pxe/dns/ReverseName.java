package io.mammatus.pxe.dns;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import java.util.Optional;
import org.xbill.DNS.Name;

/** Names below in-addr.arpa (RFC 1035, section 3.5). */
final class ReverseName {

  private static final Name IN_ADDR_ARPA = Name.fromConstantString("in-addr.arpa.");

  private ReverseName() {}

  /**
   * The addresses that a name stands for.
   *
   * @param range one address, or the 256, 65536 … that have their names below this one
   * @param below whether the name has labels before the address, so that nothing can be there
   */
  record Block(Cidr range, boolean below) {}

  /** Empty if it is no such name, or one whose labels are not numbers. */
  static Optional<Block> parse(Name name) {
    if (!name.subdomain(IN_ADDR_ARPA)) {
      return Optional.empty();
    }
    int labels = name.labels() - IN_ADDR_ARPA.labels();
    int octets = Math.min(labels, 4);
    int bits = 0;
    for (int i = 0; i < octets; i++) {
      String label = name.getLabelString(labels - 1 - i);
      if (!label.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(label) > 255) {
        return Optional.empty();
      }
      bits |= Integer.parseInt(label) << (24 - 8 * i);
    }
    return Optional.of(new Block(new Cidr(new Ipv4(bits), 8 * octets), labels > 4));
  }

  static Name of(Ipv4 address) {
    return of(address, 4);
  }

  /** The name of the zone at a boundary between octets that holds the address. */
  static Name zone(Cidr network, Ipv4 address) {
    // Of a network smaller than 256 addresses only those names are ours (and not as RFC 2317 has
    // it, which takes CNAMEs in the zone above).
    return of(address, Math.clamp((network.prefixLength() + 7) / 8, 1, 3));
  }

  private static Name of(Ipv4 address, int octets) {
    StringBuilder name = new StringBuilder();
    for (int i = octets - 1; i >= 0; i--) {
      name.append(address.octets()[i] & 0xff).append('.');
    }
    return Name.fromConstantString(name + "in-addr.arpa.");
  }
}
