package io.mammatus.pxe.trace;

import io.mammatus.core.net.Mac;
import io.mammatus.store.trace.TraceRecord;
import java.util.Optional;

/**
 * What became of one packet.
 *
 * @param protocol {@code dhcp} or {@code tftp}
 * @param mac whose packet it is, if that is known
 * @param what what came, such as {@code DISCOVER} or {@code RRQ}; one of a few words
 * @param reason why, one of a few dozen words: fit for a metric's label
 * @param detail more of it, for a person; may hold what the client sent, with everything but
 *     printable ASCII replaced
 */
public record PacketVerdict(
    String protocol,
    String interfaceName,
    Optional<Mac> mac,
    Outcome outcome,
    String what,
    String reason,
    String detail) {

  /** What was done. */
  public enum Outcome {
    /** It was answered; the reason says with what. */
    ANSWERED,
    /** It was taken note of; the protocol wants no answer. */
    NOTED,
    /** It waits for the control plane. */
    PARKED,
    IGNORED,
    /** It should have been answered and could not be. */
    FAILED
  }

  public PacketVerdict {
    detail = TraceRecord.printable(detail);
  }
}
