package io.mammatus.pxe.dns;

import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * A question that somebody asks, with what of the header matters (RFC 1035, section 4.1.1).
 *
 * @param name as it was spelt: the answer repeats upper and lower case
 * @param type such as {@link org.xbill.DNS.Type#A}, 0 to 65535
 * @param dclass such as {@link org.xbill.DNS.DClass#IN}
 * @param recursionDesired RD
 * @param checkingDisabled CD (RFC 4035, section 3.2.2)
 * @param edns what the OPT record says, if there is one
 */
record DnsQuery(
    int id,
    Name name,
    int type,
    int dclass,
    boolean recursionDesired,
    boolean checkingDisabled,
    Optional<Edns> edns) {

  /**
   * The asker's side of EDNS (RFC 6891, section 6.1.3).
   *
   * @param payload the longest UDP answer it takes, as it says
   * @param dnssecOk DO: it wants signatures, too
   */
  record Edns(int version, int payload, boolean dnssecOk) {}

  boolean dnssecOk() {
    return edns.filter(Edns::dnssecOk).isPresent();
  }
}
