package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

class DnsDeciderTest {

  @ParameterizedTest
  @CsvSource({
    // hosts, and no regard to case
    "node-1.rack.test.,          A,    10.20.1.5",
    "NODE-1.Rack.TEST.,          A,    10.20.1.5",
    "node-2.rack.test.,          A,    10.30.5.6",
    "odd.mammatus.internal.,     A,    192.0.2.140",
    "low.deep.down.rack.test.,   A,    10.40.0.9",
    // the machine before the instance, and nobody takes the names of the network
    "both.rack.test.,            A,    10.20.1.7",
    "gateway.rack.test.,         A,    10.20.0.254",
    "server.rack.test.,          A,    10.20.0.1",
    "gateway.mammatus.internal., A,    192.0.2.130",
    // every address has a name, and only its own
    "ip-10-20-200-9.rack.test.,  A,    10.20.200.9",
    "ip-10-20-1-5.rack.test.,    A,    10.20.1.5",
    "node-1.rack.test.,          ANY,  10.20.1.5",
    // and back
    "5.1.20.10.in-addr.arpa.,    PTR,  node-1.rack.test.",
    "1.0.20.10.in-addr.arpa.,    PTR,  server.rack.test.",
    "254.0.20.10.in-addr.arpa.,  PTR,  gateway.rack.test.",
    "1.4.30.10.in-addr.arpa.,    PTR,  server.rack.test.",
    "6.5.30.10.in-addr.arpa.,    PTR,  node-2.rack.test.",
    "8.1.20.10.in-addr.arpa.,    PTR,  ip-10-20-1-8.rack.test.",
    "9.1.20.10.in-addr.arpa.,    PTR,  ip-10-20-1-9.rack.test.",
    "10.1.20.10.in-addr.arpa.,   PTR,  ip-10-20-1-10.rack.test.",
    "77.7.20.10.in-addr.arpa.,   PTR,  ip-10-20-7-77.rack.test.",
    "140.2.0.192.in-addr.arpa.,  PTR,  odd.mammatus.internal.",
    "9.0.40.10.in-addr.arpa.,    PTR,  low.deep.down.rack.test.",
    // who has an address of a pool, after all others, and the newest of two
    "laptop.rack.test.,          A,    10.20.9.2",
    "LAPTOP.rack.test.,          A,    10.20.9.2",
    "laptop.mammatus.internal.,  A,    192.0.2.150",
    "2.9.20.10.in-addr.arpa.,    PTR,  laptop.rack.test.",
    "1.9.20.10.in-addr.arpa.,    PTR,  ip-10-20-9-1.rack.test.",
    "3.9.20.10.in-addr.arpa.,    PTR,  ip-10-20-9-3.rack.test.",
    "4.9.20.10.in-addr.arpa.,    PTR,  ip-10-20-9-4.rack.test.",
    // what makes a zone one
    "rack.test.,                 NS,   server.rack.test.",
    "20.10.in-addr.arpa.,        NS,   server.rack.test.",
    "5.30.10.in-addr.arpa.,      NS,   server.rack.test.",
    "localhost.,                 A,    127.0.0.1",
  })
  void anAnswerWithAuthority(String name, String type, String data) {
    DnsDecision.Answer answer = answer(Fixtures.query(name, Type.value(type)), Fixtures.INSIDE);
    assertThat(answer.reply().rcode()).isEqualTo(Rcode.NOERROR);
    assertThat(answer.reply().authoritative()).isTrue();
    assertThat(
            answer.reply().answer().stream()
                .map(Record::rdataToString)
                .collect(Collectors.joining(" ")))
        .isEqualTo(data);
    assertThat(answer.reply().answer())
        .allMatch(record -> record.getName().toString().equals(name));
  }

  @ParameterizedTest
  @CsvSource({
    "nobody.rack.test.,            A,    NXDOMAIN, rack.test.",
    "x.node-1.rack.test.,          A,    NXDOMAIN, rack.test.",
    "node-2.mammatus.internal.,    A,    NXDOMAIN, mammatus.internal.",
    "odd.rack.test.,               A,    NXDOMAIN, rack.test.",
    "ip-10-99-0-1.rack.test.,      A,    NXDOMAIN, rack.test.",
    "ip-10-20-1-05.rack.test.,     A,    NXDOMAIN, rack.test.",
    "nobody.deep.down.rack.test.,  A,    NXDOMAIN, deep.down.rack.test.",
    "late.rack.test.,              A,    NXDOMAIN, rack.test.",
    "wpad.rack.test.,              A,    NXDOMAIN, rack.test.",
    "node-1.rack.test.,            AAAA, NOERROR,  rack.test.",
    "rack.test.,                   A,    NOERROR,  rack.test.",
    // there, because something is below it
    "down.rack.test.,              A,    NOERROR,  rack.test.",
    "5.1.20.10.in-addr.arpa.,      A,    NOERROR,  20.10.in-addr.arpa.",
    "1.20.10.in-addr.arpa.,        PTR,  NOERROR,  20.10.in-addr.arpa.",
    "0.0.20.10.in-addr.arpa.,      PTR,  NXDOMAIN, 20.10.in-addr.arpa.",
    "255.255.20.10.in-addr.arpa.,  PTR,  NXDOMAIN, 20.10.in-addr.arpa.",
    "9.5.1.20.10.in-addr.arpa.,    PTR,  NXDOMAIN, 20.10.in-addr.arpa.",
    "191.2.0.192.in-addr.arpa.,    PTR,  NXDOMAIN, 2.0.192.in-addr.arpa.",
  })
  void nothingThereComesWithTheSoa(String name, String type, String rcode, String zone) {
    DnsReply reply = answer(Fixtures.query(name, Type.value(type)), Fixtures.INSIDE).reply();
    assertThat(Rcode.string(reply.rcode())).isEqualTo(rcode);
    assertThat(reply.authoritative()).isTrue();
    assertThat(reply.answer()).isEmpty();
    assertThat(reply.authority()).hasSize(1);
    SOARecord soa = (SOARecord) reply.authority().getFirst();
    assertThat(soa.getName()).hasToString(zone);
    assertThat(soa.getSerial()).isEqualTo(Fixtures.SERIAL);
    assertThat(soa.getTTL()).isEqualTo(soa.getMinimum());
  }

  @ParameterizedTest
  @CsvSource({
    "www.example.com.,           A",
    "rack.test.example.com.,     A",
    "test.,                      NS",
    // not all of it is ours, or not numbers
    "30.10.in-addr.arpa.,        NS",
    "8.30.10.in-addr.arpa.,      PTR",
    "5.8.30.10.in-addr.arpa.,    PTR",
    "2.0.192.in-addr.arpa.,      NS",
    "5.2.0.192.in-addr.arpa.,    PTR",
    "05.1.20.10.in-addr.arpa.,   PTR",
    "256.1.20.10.in-addr.arpa.,  PTR",
    "in-addr.arpa.,              NS",
    ".,                          NS",
  })
  void theRestIsForwardedForThoseInside(String name, String type) {
    DnsQuery query = Fixtures.query(name, Type.value(type));
    assertThat(DnsDecider.decide(query, Fixtures.INSIDE, Fixtures.zones()))
        .isEqualTo(
            new DnsDecision.Forward(
                new ForwardKey(query.name(), query.type(), DClass.IN, false, false)));
    assertThat(answer(query, Fixtures.STRANGER).reply().rcode()).isEqualTo(Rcode.REFUSED);
    assertThat(answer(query, Fixtures.STRANGER).why()).isEqualTo("stranger");
  }

  @Test
  void aStrangerMayAskForOurZones() {
    DnsReply reply = answer(Fixtures.query("node-1.rack.test.", Type.A), Fixtures.STRANGER).reply();
    assertThat(reply.answer()).hasSize(1);
  }

  @Test
  void theGatewayIsThatOfTheAskersNetwork() {
    DnsQuery query = Fixtures.query("gateway.rack.test.", Type.A);
    assertThat(answer(query, Ipv4.parse("10.30.5.6")).reply().answer().getFirst().rdataToString())
        .isEqualTo("10.30.4.1");
    assertThat(answer(query, Fixtures.STRANGER).reply().answer()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "rack.test.,   AXFR, REFUSED, zone-transfer",
    "rack.test.,   IXFR, REFUSED, zone-transfer",
    "example.com., AXFR, REFUSED, zone-transfer",
    "rack.test.,   TKEY, NOTIMP,  meta-type",
    "rack.test.,   OPT,  NOTIMP,  meta-type",
    "x.onion.,     A,    NXDOMAIN, nowhere",
    "printer.local., A,  NXDOMAIN, nowhere",
    "x.invalid.,   A,    NXDOMAIN, nowhere",
  })
  void whatIsNeverAsked(String name, String type, String rcode, String why) {
    DnsDecision.Answer answer = answer(Fixtures.query(name, Type.value(type)), Fixtures.INSIDE);
    assertThat(Rcode.string(answer.reply().rcode())).isEqualTo(rcode);
    assertThat(answer.why()).isEqualTo(why);
  }

  @Test
  void anyIsAnsweredWithLittle() {
    DnsReply reply = answer(Fixtures.query("example.com.", Type.ANY), Fixtures.INSIDE).reply();
    assertThat(reply.answer().getFirst().rdataToString()).contains("RFC8482");
  }

  @Test
  void withoutRecursionDesiredNobodyIsAsked() {
    DnsQuery query =
        new DnsQuery(
            7,
            Name.fromConstantString("example.com."),
            Type.A,
            DClass.IN,
            false,
            false,
            Optional.empty());
    assertThat(answer(query, Fixtures.INSIDE).why()).isEqualTo("no-recursion-desired");
  }

  @Test
  void otherClassesAreRefused() {
    DnsQuery query =
        new DnsQuery(
            7,
            Name.fromConstantString("version.bind."),
            Type.TXT,
            DClass.CHAOS,
            true,
            false,
            Optional.empty());
    assertThat(answer(query, Fixtures.INSIDE).reply().rcode()).isEqualTo(Rcode.REFUSED);
  }

  @Test
  void anotherVersionOfEdnsIsTold() {
    DnsQuery query =
        new DnsQuery(
            7,
            Name.fromConstantString("rack.test."),
            Type.A,
            DClass.IN,
            true,
            false,
            Optional.of(new DnsQuery.Edns(1, 1232, false)));
    assertThat(answer(query, Fixtures.INSIDE).reply().rcode()).isEqualTo(Rcode.BADVERS);
  }

  @ParameterizedTest
  @CsvSource({"'a b'", "'..'", "'.'", "'x\\'"})
  void aNetworkWhoseDomainIsNoNameIsInTheDefaultZone(String domain) {
    Zones zones =
        Fixtures.zones(
            new io.mammatus.pxe.view.SnapshotView(
                java.util.List.of(
                    Fixtures.subnet("eno1", "10.20.0.0/16", "10.20.0.1", "10.20.0.2", domain)),
                java.util.List.of()),
            Fixtures.DEFAULT_ZONE,
            1);
    Name name = Name.fromConstantString("gateway.mammatus.internal.");
    boolean odd = domain.equals("a b"); // a name all the same, of one odd label
    assertThat(zones.lookup(name, Type.A, Fixtures.INSIDE) instanceof ZoneAnswer.Found)
        .isEqualTo(!odd);
  }

  private static DnsDecision.Answer answer(DnsQuery query, Ipv4 client) {
    return (DnsDecision.Answer) DnsDecider.decide(query, client, Fixtures.zones());
  }
}
