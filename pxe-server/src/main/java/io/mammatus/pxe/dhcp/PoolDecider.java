package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.lease.LeaseBook;
import io.mammatus.pxe.lease.LeaseBook.Answer;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import io.mammatus.store.lease.Lease;
import io.mammatus.store.trace.TraceRecord;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/** The server's side of RFC 2131 for clients that get an address of a pool. */
final class PoolDecider {

  private static final int MAX_TEXT = 255;

  private PoolDecider() {}

  /** Decides; {@code book} keeps what was offered. */
  static DhcpDecision decide(DhcpDecision.FromPool asked, LeaseBook book, Instant now) {
    DhcpMessage message = asked.message();
    Subnet subnet = asked.subnet();
    return switch (asked.type()) {
      case DISCOVER -> discover(asked, book, now);
      case REQUEST -> request(message, subnet, book, now);
      case RELEASE -> recorded(book.release(message.chaddr(), message.ciaddr(), now), "released");
      case DECLINE ->
          book.declinesTooOften(message.chaddr())
              ? new DhcpDecision.Ignore(IgnoreReason.DECLINED_TOO_OFTEN)
              : recorded(
                  message
                      .options()
                      .address(OptionCode.REQUESTED_ADDRESS)
                      .flatMap(address -> book.decline(message.chaddr(), address, now)),
                  "address-in-use");
      case INFORM -> inform(message, subnet);
      case OFFER, ACK, NAK -> new DhcpDecision.Ignore(IgnoreReason.UNHANDLED_TYPE);
    };
  }

  private static DhcpDecision discover(DhcpDecision.FromPool asked, LeaseBook book, Instant now) {
    DhcpMessage message = asked.message();
    Subnet subnet = asked.subnet();
    Optional<Ipv4> wanted = message.options().address(OptionCode.REQUESTED_ADDRESS);
    Optional<Ipv4> before = book.addressOf(message.chaddr());
    return switch (book.offer(client(message), wanted, now)) {
      case Answer.Granted(Ipv4 address) -> {
        DhcpDecision.Reply offer = reply(message, DhcpMessageType.OFFER, address, subnet);
        // A relay's link is out of our sight.
        boolean look =
            !before.equals(Optional.of(address))
                && subnet.dhcp().probes()
                && message.giaddr().isAny();
        yield look ? new DhcpDecision.Probe(address, offer, asked) : offer;
      }
      case Answer.Refused(LeaseBook.Refusal why) ->
          new DhcpDecision.Ignore(
              switch (why) {
                case POOL_FULL -> IgnoreReason.POOL_FULL;
                case PORT_FULL -> IgnoreReason.PORT_FULL;
                case RELAY_FULL -> IgnoreReason.RELAY_FULL;
              });
    };
  }

  /** As for hosts with fixed addresses: whatever its state, it may have the address or may not. */
  private static DhcpDecision request(
      DhcpMessage message, Subnet subnet, LeaseBook book, Instant now) {
    Ipv4 wanted = DhcpDecider.wanted(message);
    if (wanted.isAny()) {
      return new DhcpDecision.Ignore(IgnoreReason.INCOMPLETE_REQUEST);
    }
    Lease.Client client = client(message);
    if (!book.mayHave(client, wanted, now)) {
      return DhcpDecider.refuse(message, subnet);
    }
    return new DhcpDecision.Grant(
        book.lease(client, wanted, subnet.leaseTime(), now),
        reply(message, DhcpMessageType.ACK, wanted, subnet));
  }

  private static DhcpDecision inform(DhcpMessage message, Subnet subnet) {
    if (message.ciaddr().isAny()) {
      return new DhcpDecision.Ignore(IgnoreReason.INCOMPLETE_REQUEST);
    }
    if (Place.leadsElsewhere(message, subnet)) {
      return new DhcpDecision.Ignore(IgnoreReason.ADDRESS_ELSEWHERE);
    }
    Host guest = guest(message, message.ciaddr());
    return new DhcpDecision.Reply(
        ReplyOptions.inform(message, guest, subnet),
        Delivery.of(message, message.ciaddr()),
        "settings");
  }

  private static DhcpDecision recorded(Optional<Lease> lease, String why) {
    return lease
        .<DhcpDecision>map(l -> new DhcpDecision.Record(l, why))
        .orElseGet(() -> new DhcpDecision.Ignore(IgnoreReason.NOT_ITS_LEASE));
  }

  private static DhcpDecision.Reply reply(
      DhcpMessage message, DhcpMessageType type, Ipv4 address, Subnet subnet) {
    DhcpMessage reply =
        ReplyOptions.lease(
            message,
            type,
            guest(message, address),
            subnet,
            ClientFacts.of(message),
            new BootDecision.AddressOnly());
    return new DhcpDecision.Reply(reply, Delivery.of(message, address), "pool");
  }

  /** Its name stays its own affair: only machines and instances are told theirs. */
  private static Host guest(DhcpMessage message, Ipv4 address) {
    Mac mac = message.chaddr();
    return new Host(Host.Kind.GUEST, "", "", Set.of(mac), address, false);
  }

  private static Lease.Client client(DhcpMessage message) {
    String id =
        message
            .options()
            .get(OptionCode.CLIENT_ID, DhcpOption.ClientId.class)
            .map(option -> HexFormat.of().toHexDigits((byte) option.type()) + option.id())
            .orElse("");
    return new Lease.Client(
        message.chaddr(),
        cut(id),
        cut(TraceRecord.printable(message.options().text(OptionCode.HOST_NAME).orElse(""))),
        cut(Place.port(message)),
        message.giaddr());
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
