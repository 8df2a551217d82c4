package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Whatever an upstream answers: decode, keep, encode. The input is what follows the question, with
 * the flags and the three counts before it.
 */
class UpstreamFuzzTest {

  private static final Name NAME = Name.fromConstantString("www.example.test.");
  private static final List<Integer> TYPES =
      List.of(Type.A, Type.TXT, Type.HTTPS, Type.SRV, Type.DNSKEY);
  private static final int FIXED = 8;

  @FuzzTest(maxDuration = "10m")
  void whateverAnUpstreamSends(byte[] input) throws IOException {
    if (input.length < FIXED) {
      return;
    }
    int type = TYPES.get((input[0] & 0x7f) % TYPES.size());
    ForwardKey key = new ForwardKey(NAME, type, DClass.IN, true, false);
    UpstreamQuery query = UpstreamQuery.of(key, 0x1234, () -> false, true);
    byte[] packet = packet(input, type);
    UpstreamQuery.Outcome byUdp = query.outcome(packet, false);
    UpstreamQuery.Outcome byTcp = query.outcome(packet, true);
    assertThat(byTcp).isNotInstanceOf(UpstreamQuery.Outcome.ByTcp.class);
    if (byUdp instanceof UpstreamQuery.Outcome.Answer(DnsReply reply)) {
      keepAndEncode(key, reply);
    }
  }

  private static byte[] packet(byte[] input, int type) {
    byte[] name = NAME.toWire();
    ByteBuffer packet = ByteBuffer.allocate(12 + name.length + 4 + input.length - FIXED);
    packet.putShort((short) 0x1234).put((byte) (0x81 | input[0] & 0x02)).put(input[1]);
    packet.putShort((short) 1).put(input, 2, 6);
    packet.put(name).putShort((short) type).putShort((short) DClass.IN);
    packet.put(input, FIXED, input.length - FIXED);
    return packet.array();
  }

  private static void keepAndEncode(ForwardKey key, DnsReply reply) throws IOException {
    AnswerCache cache = new AnswerCache(10, 1 << 20);
    cache.put(key, reply, 0);
    Optional<DnsReply> kept = cache.get(key, 1);
    Optional<DnsReply> stale = cache.stale(key, 2_000_000_000_000L);
    assertThat(kept.isPresent()).isEqualTo(CacheRules.keep(reply, key.type()).isPresent());
    DnsQuery query =
        new DnsQuery(
            9,
            NAME,
            key.type(),
            DClass.IN,
            true,
            false,
            Optional.of(new DnsQuery.Edns(0, 1232, true)));
    for (DnsReply one : Arrays.asList(reply, kept.orElse(reply), stale.orElse(reply))) {
      DnsReply spelt = DnsResponder.spelt(one, NAME);
      byte[] datagram = ReplyEncoder.encode(query, spelt, true, 1232);
      assertThat(datagram.length).isLessThanOrEqualTo(1232);
      assertThat(new Message(datagram).getHeader().getID()).isEqualTo(9);
      Message whole = new Message(ReplyEncoder.encode(query, spelt, true, ReplyEncoder.MAX_TCP));
      assertThat(whole.getSection(Section.ANSWER)).hasSameSizeAs(one.answer());
    }
  }
}
