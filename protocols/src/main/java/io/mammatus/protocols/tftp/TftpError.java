package io.mammatus.protocols.tftp;

/** Error codes of RFC 1350, appendix, and RFC 2347; the code is the ordinal. */
public enum TftpError {
  NOT_DEFINED,
  FILE_NOT_FOUND,
  ACCESS_VIOLATION,
  DISK_FULL,
  ILLEGAL_OPERATION,
  UNKNOWN_TRANSFER_ID,
  FILE_EXISTS,
  NO_SUCH_USER,
  /** The client gives up because of an option (RFC 2347, "Negotiation Protocol"). */
  OPTION_REFUSED;

  public int code() {
    return ordinal();
  }
}
