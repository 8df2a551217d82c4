package io.mammatus.pxe.dns;

/** What to do about a question. */
sealed interface DnsDecision {

  /**
   * To answer it.
   *
   * @param why one of a few words, fit for a counter's label
   */
  record Answer(DnsReply reply, String why) implements DnsDecision {}

  /** To ask somebody who knows. */
  record Forward(ForwardKey key) implements DnsDecision {}
}
