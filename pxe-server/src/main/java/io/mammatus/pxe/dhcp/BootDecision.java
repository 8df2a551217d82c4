package io.mammatus.pxe.dhcp;

import io.mammatus.protocols.boot.BootUrl;

/** What a client gets to boot. */
public sealed interface BootDecision {

  /** Nothing: it did not ask, or is no machine; an address is all it gets. */
  record AddressOnly() implements BootDecision {}

  /**
   * A boot loader over TFTP.
   *
   * @param chained it is an iPXE already, and this replaces it
   */
  record Loader(String file, boolean chained) implements BootDecision {}

  /** A boot loader over HTTP, for UEFI's HTTP boot. */
  record HttpLoader(BootUrl url) implements BootDecision {}

  /** The machine's boot script. */
  record Script(BootUrl url) implements BootDecision {}

  /** It asks for something to boot, and nothing here fits: it gets no answer. */
  record Unsupported(IgnoreReason reason) implements BootDecision {}
}
