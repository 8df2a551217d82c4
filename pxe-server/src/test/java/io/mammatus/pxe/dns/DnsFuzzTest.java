package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.mammatus.core.net.Ipv4;
import java.io.IOException;
import java.util.Random;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;

/**
 * Whatever a client sends: decode, decide, encode. The ordinary build runs the seeds; {@code mvn
 * -Pfuzz} looks for more.
 */
class DnsFuzzTest {

  private static final Zones ZONES = Fixtures.zones();

  @FuzzTest(maxDuration = "10m")
  void whateverAClientSends(byte[] packet) throws IOException {
    answer(packet, Fixtures.INSIDE);
    answer(packet, Fixtures.STRANGER);
  }

  private static void answer(byte[] packet, Ipv4 client) throws IOException {
    switch (QueryDecoder.decode(packet)) {
      case Received.Dropped(String reason) -> assertThat(reason).isIn("short", "not-a-query");
      case Received.Faulty faulty -> {
        assertThat(faulty.reason()).matches("[a-z-]+");
        byte[] reply = ReplyEncoder.fault(faulty);
        assertThat(reply.length).isLessThanOrEqualTo(packet.length);
        assertThat(new Message(reply).getHeader().getID()).isEqualTo(WireGuard.u16(packet, 0));
      }
      case Received.Query(DnsQuery query) -> decide(query, client);
    }
  }

  private static void decide(DnsQuery query, Ipv4 client) throws IOException {
    switch (DnsDecider.decide(query, client, ZONES)) {
      case DnsDecision.Answer(DnsReply reply, String why) -> {
        assertThat(why).matches("[a-z-]+");
        int limit = ReplyEncoder.udpLimit(query);
        byte[] datagram = ReplyEncoder.encode(query, reply, true, limit);
        assertThat(datagram.length).isLessThanOrEqualTo(limit);
        check(query, datagram);
        check(query, ReplyEncoder.encode(query, reply, true, ReplyEncoder.MAX_TCP));
      }
      case DnsDecision.Forward(ForwardKey key) -> {
        assertThat(client).isEqualTo(Fixtures.INSIDE);
        UpstreamQuery onward = UpstreamQuery.of(key, 7, new Random(query.id())::nextBoolean, true);
        Message sent = new Message(onward.encode());
        assertThat(sent.getQuestion().getName()).isEqualTo(query.name());
        assertThat(sent.getQuestion().getType()).isEqualTo(query.type());
      }
    }
  }

  private static void check(DnsQuery query, byte[] reply) throws IOException {
    Message message = new Message(reply);
    assertThat(message.getHeader().getID()).isEqualTo(query.id());
    assertThat(message.getHeader().getFlag(Flags.QR)).isTrue();
    assertThat(message.getSection(Section.QUESTION)).hasSize(1);
    assertThat(message.getQuestion().getName().toString()).isEqualTo(query.name().toString());
    assertThat(message.getQuestion().getType()).isEqualTo(query.type());
    assertThat(message.getQuestion().getDClass()).isEqualTo(query.dclass());
    assertThat(message.getOPT() != null).isEqualTo(query.edns().isPresent());
  }
}
