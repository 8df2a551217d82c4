package io.mammatus.store.lease;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.NetworkId;
import java.time.Instant;

/**
 * An address of a pool and who has it, or had it last.
 *
 * @param client the client that has it; of a declined address, the one that declined it
 * @param since when this client first got it
 * @param until when the lease, or the quarantine of a declined address, ends
 */
public record Lease(
    NetworkId network, Ipv4 address, Client client, State state, Instant since, Instant until) {

  /**
   * A client as it described itself; all texts are checked before they come here.
   *
   * @param clientId option 61 in hexadecimal, or empty
   * @param hostName option 12, printable ASCII, or empty
   * @param port where a relay heard it, in hexadecimal (option 82), or empty
   * @param relay the relay that heard it, or {@link Ipv4#ANY}
   */
  public record Client(Mac mac, String clientId, String hostName, String port, Ipv4 relay) {

    /** The same where it was heard before, if no relay tells where it is now. */
    public Client at(Client before) {
      return relay.isAny() ? new Client(mac, clientId, hostName, before.port, before.relay) : this;
    }
  }

  /** Whether both say that the same client has the address, or had it. */
  boolean isLike(Lease other) {
    return client.mac().equals(other.client.mac()) && state == other.state;
  }

  /** What became of the address; the order is that of the table's numbers. */
  public enum State {
    /** The client has it until the lease ends. */
    BOUND,
    /** The client gave it back (RFC 2131, section 4.3.4). */
    RELEASED,
    /** Somebody else was found using it (RFC 2131, section 4.3.3): nobody gets it for a while. */
    DECLINED
  }
}
