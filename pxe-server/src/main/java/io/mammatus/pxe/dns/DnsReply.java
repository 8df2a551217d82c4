package io.mammatus.pxe.dns;

import java.util.List;
import org.xbill.DNS.Record;

/**
 * What a question is answered.
 *
 * @param rcode such as {@link org.xbill.DNS.Rcode#NXDOMAIN}; 16 and above need EDNS
 * @param authoritative AA: it is of a zone of ours
 * @param authentic AD: upstream says that it has checked the signatures
 * @param authority with the SOA record where there is nothing to answer (RFC 2308, section 2)
 */
record DnsReply(
    int rcode,
    boolean authoritative,
    boolean authentic,
    List<Record> answer,
    List<Record> authority) {

  DnsReply {
    answer = List.copyOf(answer);
    authority = List.copyOf(authority);
  }

  static DnsReply error(int rcode) {
    return new DnsReply(rcode, false, false, List.of(), List.of());
  }
}
