package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;
import io.mammatus.protocols.dhcp4.DhcpMessage;

/** What is to be done with a DHCP packet. */
public sealed interface DhcpDecision {

  /**
   * Send this.
   *
   * @param why a few words for the trace: {@code loader}, {@code script}, {@code wrong-address} …
   */
  record Reply(DhcpMessage message, Delivery how, String why) implements DhcpDecision {}

  /** The protocol wants no answer; what it says is noted. */
  record Note(String why) implements DhcpDecision {}

  /** Silence, and why. */
  record Ignore(IgnoreReason reason) implements DhcpDecision {}

  /** Nobody knows the card; decide again once the control plane has enrolled it. */
  record Await(Sighted sighted) implements DhcpDecision {}

  /** What is told of a card that nobody knows. */
  record Sighted(Mac mac, String interfaceName, ClientFacts client, String smbiosUuid) {}
}
