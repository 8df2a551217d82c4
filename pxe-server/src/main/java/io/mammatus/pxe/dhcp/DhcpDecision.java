package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Lease;
import java.util.Optional;

/** What is to be done with a DHCP packet. */
public sealed interface DhcpDecision {

  /**
   * Send this.
   *
   * @param why a few words for the trace: {@code loader}, {@code script}, {@code wrong-address} …
   */
  record Reply(DhcpMessage message, Delivery how, String why) implements DhcpDecision {}

  /** Send this once the lease is written. */
  record Grant(Lease lease, Reply reply) implements DhcpDecision {}

  /** Write this; the protocol wants no answer. */
  record Record(Lease lease, String why) implements DhcpDecision {}

  /** Its address comes from the network's pools: {@link PoolDecider} decides. */
  record FromPool(DhcpMessage message, DhcpMessageType type, Subnet subnet)
      implements DhcpDecision {}

  /**
   * Look on the link whether somebody else uses the address; send the offer if nobody does, else
   * decide again.
   */
  record Probe(Ipv4 address, Reply offer, FromPool asked) implements DhcpDecision {}

  /** The protocol wants no answer; what it says is noted. */
  record Note(String why) implements DhcpDecision {}

  /** Silence, and why. */
  record Ignore(IgnoreReason reason) implements DhcpDecision {}

  /** Nobody knows the card; decide again once the control plane has enrolled it. */
  record Await(Sighted sighted) implements DhcpDecision {}

  /** What is told of a card that nobody knows. */
  record Sighted(
      Mac mac, String interfaceName, Optional<Ipv4> link, ClientFacts client, String smbiosUuid) {}
}
