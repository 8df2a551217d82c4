package io.mammatus.pxe.dns;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

class AnswerCacheTest {

  private static final long START = Long.MAX_VALUE - 1_000_000_000L; // nanoTime wraps

  @ParameterizedTest
  @CsvSource({
    "NOERROR,  'A 300 192.0.2.1',                     '',                      300",
    "NOERROR,  'A 300 192.0.2.1;A 20 192.0.2.2',      '',                      20",
    "NOERROR,  'CNAME 60 b.test.;A 300 192.0.2.1',    '',                      60",
    "NOERROR,  'A 999999 192.0.2.1',                  '',                      86400",
    "NOERROR,  'A 0 192.0.2.1',                       '',                      -1",
    "NXDOMAIN, '',                                    'SOA 900 60',            60",
    "NXDOMAIN, '',                                    'SOA 30 600',            30",
    "NXDOMAIN, '',                                    'SOA 90000 90000',       3600",
    "NOERROR,  '',                                    'SOA 900 60',            60",
    "NOERROR,  'CNAME 10 b.test.',                    'SOA 900 60',            10",
    // no SOA, no memory of it; nor of a referral, nor of a failure
    "NXDOMAIN, '',                                    '',                      -1",
    "NOERROR,  '',                                    'NS 900 ns.test.',       -1",
    "NOERROR,  'CNAME 10 b.test.',                    '',                      -1",
    "SERVFAIL, '',                                    'SOA 900 60',            -1",
  })
  void howLongAnAnswerIsKept(String rcode, String answer, String authority, long seconds)
      throws IOException {
    DnsReply reply =
        new DnsReply(Rcode.value(rcode), false, false, records(answer), records(authority));
    assertThat(CacheRules.keep(reply, Type.A).orElse(-1)).isEqualTo(seconds);
  }

  @Test
  void anAnswerAgesAndEnds() throws IOException {
    AnswerCache cache = new AnswerCache(10, 10_000);
    cache.put(key("a.test."), reply("A 300 192.0.2.1;A 100 192.0.2.2"), START);
    assertThat(cache.get(key("A.Test."), after(40)).orElseThrow().answer())
        .extracting(Record::getTTL)
        .containsExactly(260L, 60L);
    assertThat(cache.get(key("a.test."), after(99))).isPresent();
    assertThat(cache.get(key("a.test."), after(100))).isEmpty();
  }

  @Test
  void anAnswerThatEndedIsThereForADayIfNobodyCanBeAsked() throws IOException {
    AnswerCache cache = new AnswerCache(10, 10_000);
    cache.put(key("a.test."), reply("A 100 192.0.2.1"), START);
    assertThat(cache.stale(key("a.test."), after(3600)).orElseThrow().answer())
        .extracting(Record::getTTL)
        .containsExactly(30L);
    assertThat(cache.stale(key("a.test."), after(86_500))).isEmpty();
  }

  @Test
  void questionsDifferByWhatTheyAskFor() throws IOException {
    AnswerCache cache = new AnswerCache(10, 10_000);
    cache.put(key("a.test."), reply("A 100 192.0.2.1"), START);
    ForwardKey signed = new ForwardKey(key("a.test.").name(), Type.A, DClass.IN, true, false);
    assertThat(cache.get(signed, START)).isEmpty();
  }

  @Test
  void theCacheIsBoundedByNumberAndWhatWasUsedStays() throws IOException {
    AnswerCache cache = new AnswerCache(3, 10_000);
    for (String name : List.of("a.test.", "b.test.", "c.test.")) {
      cache.put(key(name), reply("A 100 192.0.2.1"), START);
    }
    assertThat(cache.get(key("a.test."), START)).isPresent();
    cache.put(key("d.test."), reply("A 100 192.0.2.1"), START);
    assertThat(cache.size()).isEqualTo(3);
    assertThat(cache.get(key("b.test."), START)).isEmpty();
    assertThat(cache.get(key("a.test."), START)).isPresent();
  }

  @Test
  void theCacheIsBoundedByOctets() throws IOException {
    AnswerCache cache = new AnswerCache(1000, 1000);
    for (int i = 0; i < 100; i++) {
      cache.put(key("n" + i + ".test."), reply("A 100 192.0.2.1"), START);
      cache.put(key("n" + i + ".test."), reply("A 100 192.0.2.1"), START); // counted once
    }
    // of a.test.: name, type, class, time to live, length and address
    assertThat(cache.size()).isEqualTo(1000 / (8 + 10 + 4));
    assertThat(cache.get(key("n99.test."), START)).isPresent();
  }

  @Test
  void anAnswerKeepsTheCaseOfTheQuestion() throws IOException {
    Name name = Name.fromConstantString("WwW.TeSt.");
    DnsReply reply =
        new DnsReply(Rcode.NXDOMAIN, false, false, records("A 1 192.0.2.1"), records("SOA 900 60"));
    DnsReply spelt = DnsResponder.spelt(reply, name);
    assertThat(spelt.authority().getFirst().getName().toString()).isEqualTo("TeSt.");
  }

  @Test
  void aTimeIsChangedWithoutTouchingTheRest() throws IOException {
    for (Record record : records("A 5 192.0.2.1;CNAME 5 b.test.;TXT 5 \"some text\"")) {
      Record changed = RecordTtl.with(record, 77);
      assertThat(changed).isEqualTo(record);
      assertThat(changed.getTTL()).isEqualTo(77);
    }
  }

  private static long after(long seconds) {
    return START + Duration.ofSeconds(seconds).toNanos();
  }

  private static ForwardKey key(String name) {
    return new ForwardKey(Name.fromConstantString(name), Type.A, DClass.IN, false, false);
  }

  private static DnsReply reply(String answer) throws IOException {
    return new DnsReply(Rcode.NOERROR, false, false, records(answer), List.of());
  }

  private static List<Record> records(String text) throws IOException {
    List<Record> records = new ArrayList<>();
    for (String one : text.isEmpty() ? new String[0] : text.split(";")) {
      String[] words = one.split(" ", 3);
      boolean soa = words[0].equals("SOA");
      records.add(
          Record.fromString(
              Name.fromConstantString(soa ? "test." : "a.test."),
              Type.value(words[0]),
              DClass.IN,
              Long.parseLong(words[1]),
              soa ? "ns.test. root.test. 1 2 3 4 " + words[2] : words[2],
              Name.root));
    }
    return records;
  }
}
