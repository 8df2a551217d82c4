package io.mammatus.pxe.dhcp;

import io.mammatus.protocols.boot.BootUrl;

/** What a client gets to boot. */
public sealed interface BootDecision {

  /** The decision in a word, for the trace and for {@link BootMemory}. */
  String why();

  /** Nothing: it did not ask, or is no machine; an address is all it gets. */
  record AddressOnly() implements BootDecision {
    @Override
    public String why() {
      return "address";
    }
  }

  /** A boot loader over TFTP. */
  record Loader(String file, Reason reason) implements BootDecision {

    /** Why this one. */
    public enum Reason {
      /** The firmware asks for its first. */
      FIRST("loader"),
      /** It is an iPXE already, and this replaces it. */
      CHAINED("chain-loader"),
      /** Secure Boot is, or may be, enforced: one that is signed. */
      SIGNED("signed-loader");

      private final String word;

      Reason(String word) {
        this.word = word;
      }
    }

    @Override
    public String why() {
      return reason.word;
    }
  }

  /** A boot loader over HTTP, for UEFI's HTTP boot. */
  record HttpLoader(BootUrl url) implements BootDecision {
    @Override
    public String why() {
      return "http-loader";
    }
  }

  /** The machine's boot script. */
  record Script(BootUrl url) implements BootDecision {
    @Override
    public String why() {
      return "script";
    }
  }

  /**
   * Where to look for the files whose names its boot ROM knows: over TFTP, by its serial number.
   */
  record RaspberryPi() implements BootDecision {
    @Override
    public String why() {
      return "raspberry-pi";
    }
  }

  /** It asks for something to boot, and nothing here fits: it gets no answer. */
  record Unsupported(IgnoreReason reason) implements BootDecision {
    @Override
    public String why() {
      return "unsupported";
    }
  }
}
