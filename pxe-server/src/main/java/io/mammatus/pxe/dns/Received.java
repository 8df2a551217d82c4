package io.mammatus.pxe.dns;

/** What a packet from a client turned out to be. */
sealed interface Received {

  /** A question to be answered. */
  record Query(DnsQuery query) implements Received {}

  /**
   * No question, and worth telling: a header with an error comes back, never more octets than came.
   *
   * @param reason a short phrase without anything taken from the packet, fit for a counter's label
   */
  record Faulty(int id, int opcode, boolean recursionDesired, int rcode, String reason)
      implements Received {}

  /** Nothing that may be answered: an answer to an answer never ends. */
  record Dropped(String reason) implements Received {}
}
