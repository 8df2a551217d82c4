package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

class ReplyEncoderTest {

  private static final Name NAME = Name.fromConstantString("NoDe.rack.test.");

  @Test
  void anAnswerRepeatsTheQuestionAsItWasSpelt() throws IOException {
    DnsQuery query = query(Optional.of(new DnsQuery.Edns(0, 4096, true)));
    Message message =
        new Message(ReplyEncoder.encode(query, addresses(1), true, ReplyEncoder.udpLimit(query)));
    assertThat(message.getHeader().getID()).isEqualTo(7);
    assertThat(message.getQuestion().getName().toString()).isEqualTo(NAME.toString());
    assertThat(message.getSection(Section.ANSWER)).hasSize(1);
    for (int flag : List.of((int) Flags.QR, (int) Flags.AA, (int) Flags.RD, (int) Flags.RA)) {
      assertThat(message.getHeader().getFlag(flag)).as(Flags.string(flag)).isTrue();
    }
    assertThat(message.getOPT().getPayloadSize()).isEqualTo(1232);
  }

  @Test
  void whatDoesNotFitIsTruncated() throws IOException {
    DnsQuery plain = query(Optional.empty());
    byte[] cut = ReplyEncoder.encode(plain, addresses(40), true, ReplyEncoder.udpLimit(plain));
    assertThat(new Message(cut).getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(new Message(cut).getSection(Section.ANSWER)).isEmpty();
    assertThat(new Message(cut).getOPT()).isNull();

    DnsQuery edns = query(Optional.of(new DnsQuery.Edns(0, 4096, false)));
    byte[] whole = ReplyEncoder.encode(edns, addresses(40), true, ReplyEncoder.udpLimit(edns));
    assertThat(new Message(whole).getSection(Section.ANSWER)).hasSize(40);
    // twelve octets of header, a question, and each name a pointer of two
    assertThat(whole).hasSize(12 + NAME.length() + 4 + 40 * (2 + 10 + 4) + 11);
  }

  @Test
  void thePayloadIsNeitherBelow512NorAboveWhatAPathCarries() {
    assertThat(ReplyEncoder.udpLimit(query(Optional.of(new DnsQuery.Edns(0, 0, false)))))
        .isEqualTo(512);
    assertThat(ReplyEncoder.udpLimit(query(Optional.of(new DnsQuery.Edns(0, 65535, false)))))
        .isEqualTo(1232);
  }

  @Test
  void aLongResponseCodeIsInTheOptRecord() throws IOException {
    DnsQuery query = query(Optional.of(new DnsQuery.Edns(1, 1232, false)));
    byte[] reply = ReplyEncoder.encode(query, DnsReply.error(Rcode.BADVERS), true, 512);
    assertThat(new Message(reply).getRcode()).isEqualTo(Rcode.BADVERS);
    assertThat(new Message(reply).getOPT().getVersion()).isZero();
  }

  private static DnsQuery query(Optional<DnsQuery.Edns> edns) {
    return new DnsQuery(7, NAME, Type.A, DClass.IN, true, false, edns);
  }

  private static DnsReply addresses(int count) {
    List<Record> records =
        IntStream.range(0, count)
            .mapToObj(i -> ZoneRecords.a(NAME, Ipv4.parse("10.20.0.1").plus(i)))
            .toList();
    return new DnsReply(Rcode.NOERROR, true, false, records, List.of());
  }
}
