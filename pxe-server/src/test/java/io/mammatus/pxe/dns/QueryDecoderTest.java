package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

class QueryDecoderTest {

  /** Question for a.b, type A, class IN. */
  private static final String AB = "016101620000010001";

  /** OPT, 1232 octets, DO. */
  private static final String OPT = "00002904d0000080000000";

  @Test
  void aQuestionWithEdns() {
    assertThat(decode("abcd01100001000000000001" + AB + OPT))
        .isInstanceOfSatisfying(
            Received.Query.class,
            received -> {
              DnsQuery query = received.query();
              assertThat(query.id()).isEqualTo(0xabcd);
              assertThat(query.name()).hasToString("a.b.");
              assertThat(query.type()).isEqualTo(Type.A);
              assertThat(query.recursionDesired()).isTrue();
              assertThat(query.checkingDisabled()).isTrue();
              assertThat(query.edns()).contains(new DnsQuery.Edns(0, 1232, true));
            });
  }

  @Test
  void aQuestionWithout() {
    assertThat(decode("000000000001000000000000" + AB))
        .isInstanceOfSatisfying(
            Received.Query.class,
            received -> {
              assertThat(received.query().edns()).isEqualTo(Optional.empty());
              assertThat(received.query().recursionDesired()).isFalse();
            });
  }

  @ParameterizedTest
  @CsvSource({"'',short", "abcd01,short", "abcd81000001000000000000" + AB + ",not-a-query"})
  void whatGetsNoAnswer(String hex, String reason) {
    assertThat(decode(hex)).isEqualTo(new Received.Dropped(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "abcd01000000000000000000,                                   not-one-question",
    "abcd01000002000000000000" + AB + AB + ",                    not-one-question",
    "abcd0100ffffffffffffffff,                                   not-one-question",
    "abcd01000001000100000000" + AB + ",                         records-in-a-question",
    "abcd01000001000000010000" + AB + ",                         records-in-a-question",
    "abcd0100000100000000ffff" + AB + ",                         too-many-records",
    "abcd01000001000000000000,                                   bad-question",
    "abcd010000010000000000000161016200,                         bad-question",
    "abcd01000001000000000000016101620000010,                    bad-question",
    // a pointer to itself, forwards, and to before the name; and a label type that came to nothing
    "abcd01000001000000000000c00c00010001,                       bad-question",
    "abcd01000001000000000000c0ff00010001,                       bad-question",
    "abcd010000010000000000000161c00c00010001,                   bad-question",
    "abcd01000001000000000000416100010001,                       bad-question",
    "abcd01000001000000000000" + AB + "00,                       trailing-octets",
    "abcd01000001000000000001" + AB + ",                         bad-additional-name",
    "abcd01000001000000000001" + AB + "c00c2904d0000080000000,   bad-additional-name",
    "abcd01000001000000000001" + AB + "00002904d0000080000001,   bad-additional",
    "abcd01000001000000000002" + AB + OPT + OPT + ",             two-opt",
    "abcd01000001000000000001" + AB + "00000100010000000000047f000001, stray-record",
    // an option that says to be longer than its record
    "abcd01000001000000000001" + AB + "00002904d00000800000040003ffff, unparsable",
    "abcd03000001000000000000" + AB + ",                         cut-off",
  })
  void whatIsToldToBeMalformed(String hex, String reason) {
    assertThat(decode(hex.length() % 2 == 0 ? hex : hex + "0"))
        .isInstanceOfSatisfying(
            Received.Faulty.class,
            faulty -> {
              assertThat(faulty.reason()).isEqualTo(reason);
              assertThat(faulty.rcode()).isEqualTo(Rcode.FORMERR);
              assertThat(faulty.id()).isEqualTo(0xabcd);
              assertThat(ReplyEncoder.fault(faulty)).hasSize(12);
            });
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "4", "5", "15"})
  void otherOpcodesAreNotImplemented(int opcode) {
    String flags = "%04x".formatted(opcode << 11);
    assertThat(decode("abcd" + flags + "0001000000000000" + AB))
        .isEqualTo(new Received.Faulty(0xabcd, opcode, false, Rcode.NOTIMP, "opcode"));
  }

  @Test
  void aLongPacketIsNoQuestion() {
    byte[] packet = Arrays.copyOf(Fixtures.packet("a.b.", Type.A), QueryDecoder.MAX_QUERY + 1);
    assertThat(QueryDecoder.decode(packet))
        .isInstanceOfSatisfying(
            Received.Faulty.class, faulty -> assertThat(faulty.reason()).isEqualTo("oversized"));
  }

  @Test
  void aNameOfMoreThan255OctetsIsNone() {
    String label = "3f" + "61".repeat(63);
    String longest = label.repeat(3) + "3d" + "61".repeat(61) + "00";
    assertThat(decode("abcd01000001000000000000" + longest + "00010001"))
        .isInstanceOf(Received.Query.class);
    assertThat(decode("abcd01000001000000000000" + label.repeat(4) + "0000010001"))
        .isInstanceOf(Received.Faulty.class);
  }

  private static Received decode(String hex) {
    return QueryDecoder.decode(HexFormat.of().parseHex(hex));
  }
}
