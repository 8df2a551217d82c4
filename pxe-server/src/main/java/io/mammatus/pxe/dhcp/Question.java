package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.OptionCode;

/** What a packet asks for beyond its type, in words: for {@code mammatus dhcp why}. */
final class Question {

  private Question() {}

  /**
   * Such as {@code ; asked for 10.0.0.7; has 10.0.0.9; through 10.1.0.1}; empty if there is nothing
   * to tell.
   *
   * @param answer an address that need not be told again
   */
  static String text(DhcpMessage message, Ipv4 answer) {
    Ipv4 wanted = message.options().address(OptionCode.REQUESTED_ADDRESS).orElse(answer);
    String text = wanted.equals(answer) ? "" : "; asked for " + wanted;
    if (!message.ciaddr().isAny() && !message.ciaddr().equals(answer)) {
      text += "; has " + message.ciaddr();
    }
    return message.giaddr().isAny() ? text : text + "; through " + message.giaddr();
  }
}
