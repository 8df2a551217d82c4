package io.mammatus.pxe.dhcp;

import java.util.Locale;

/** Why a DHCP packet gets no answer. */
public enum IgnoreReason {
  NOT_A_REQUEST("it is a server's packet"),
  BAD_HARDWARE_ADDRESS("its hardware address is zero or a group's"),
  BOOTP_ONLY("it has no message type: plain BOOTP"),
  UNHANDLED_TYPE("its message type is none that a server like this answers"),
  NO_SUBNET("no network is described for where it came from"),
  UNLISTED_RELAY("its relay is none of the network's (dhcp.relays)"),
  OTHER_SERVER("it is for another server"),
  NOT_SERVED("its network's DHCP is off"),
  NOT_ON_DUTY("another server answers for its network"),
  POOL_FULL("every address of the pools is taken: widen dhcp.pools"),
  PORT_FULL("its port of the relay has as many addresses as it may have (dhcp.leasesPerPort)"),
  RELAY_FULL("its relay has as many addresses as it may have (dhcp.leasesPerRelay)"),
  TOO_OFTEN("its card asks more often than any client does"),
  BEING_PROBED("whether somebody uses the address that it is to get is being looked up"),
  NO_FREE_ADDRESS("each of the addresses that were tried is in use by somebody unknown"),
  NOT_ITS_LEASE("the address is not its own"),
  DECLINED_TOO_OFTEN("it has found as many addresses in use as one client is believed"),
  UNKNOWN_FIRMWARE("nobody knows it, and the network's policy is to ignore such"),
  NO_PROXY_HERE("it asks a boot server, and here the DHCP server says what to boot"),
  NOT_FOR_A_PROXY("another server gives addresses there, and it asks for nothing to boot"),
  UNKNOWN_HOST("no host has that hardware address"),
  HOST_ON_OTHER_SUBNET("the host's address belongs to another network"),
  ADDRESS_ELSEWHERE(
      "the address that it says it has is on another network: a reply would go there"),
  INCOMPLETE_REQUEST("it neither names an address nor has one"),
  UNSUPPORTED_ARCHITECTURE("there is no boot loader for its architecture"),
  LOADER_MISSING("the folder of boot loaders has none for its architecture"),
  SIGNED_LOADER_NEEDS_PXE("signed loaders are only for PXE, and it wants to boot over HTTP"),
  LOADER_LACKS_FEATURES("our loader, being served, came back without what it needs"),
  /** Said of a parked packet. */
  NOT_ENROLLED_IN_TIME("the control plane did not enrol it in time"),
  /** Said of a packet that would have been parked. */
  TOO_MANY_WAITING("too many unknown machines wait already"),
  /** Said of a parked packet. */
  SUPERSEDED("the same machine sent a newer packet");

  private final String sentence;

  IgnoreReason(String sentence) {
    this.sentence = sentence;
  }

  public String sentence() {
    return sentence;
  }

  /** As a metric's label: {@code other-server}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
