package io.mammatus.protocols.tftp;

import io.mammatus.protocols.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** One TFTP packet (RFC 1350, section 5). */
public sealed interface TftpPacket {

  /**
   * A read request.
   *
   * @param file the name as the client sent it, to be checked before it names anything
   * @param mode lower case; {@code octet} and {@code netascii} are in use
   * @param options by lower-case name (RFC 2347: names are case-insensitive), in the client's order
   */
  record Rrq(String file, String mode, Map<String, String> options) implements TftpPacket {
    public Rrq {
      options = inOrder(options);
    }
  }

  /** A write request; see {@link Rrq} for the fields. */
  record Wrq(String file, String mode, Map<String, String> options) implements TftpPacket {
    public Wrq {
      options = inOrder(options);
    }
  }

  /**
   * @param block 0 to 65535; it rolls over to 0 in long transfers
   */
  record Data(int block, Bytes content) implements TftpPacket {}

  /**
   * @param block 0 to 65535; 0 acknowledges an {@link Oack} (RFC 2347)
   */
  record Ack(int block) implements TftpPacket {}

  /**
   * @param code 0 to 65535; see {@link TftpError} for those in use
   */
  record Error(int code, String message) implements TftpPacket {
    public Error(TftpError error, String message) {
      this(error.code(), message);
    }
  }

  /** The options that the server accepts, with the values that it will use (RFC 2347). */
  record Oack(Map<String, String> options) implements TftpPacket {
    public Oack {
      options = inOrder(options);
    }
  }

  private static Map<String, String> inOrder(Map<String, String> options) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }
}
