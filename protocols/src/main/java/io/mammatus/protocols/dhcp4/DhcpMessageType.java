package io.mammatus.protocols.dhcp4;

import java.util.Optional;

/** Option 53 (RFC 2132, section 9.6); the constant's code is its ordinal plus one. */
public enum DhcpMessageType {
  DISCOVER,
  OFFER,
  REQUEST,
  DECLINE,
  ACK,
  NAK,
  RELEASE,
  INFORM;

  private static final DhcpMessageType[] ALL = values();

  public int code() {
    return ordinal() + 1;
  }

  /** Empty for the types of later RFCs (lease query, force renew and so on). */
  public static Optional<DhcpMessageType> of(int code) {
    return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
  }
}
