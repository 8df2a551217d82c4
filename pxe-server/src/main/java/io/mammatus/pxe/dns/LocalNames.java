package io.mammatus.pxe.dns;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * Names that mean something in one's own house only, or nothing at all: who is asked for them
 * outside knows no answer, and learns what there is inside.
 */
final class LocalNames {

  /** Deeper than any of them. */
  private static final int MOST_LABELS = 34;

  private static final Set<Name> ZONES =
      Stream.of(privateNetworks(), otherNetworks(), sharedNetwork(), words())
          .flatMap(names -> names)
          .map(Name::fromConstantString)
          .collect(Collectors.toUnmodifiableSet());

  private LocalNames() {}

  static boolean isLocal(ForwardKey key) {
    return isSingleLabel(key) || isInZone(key.name());
  }

  /** A host's name without its domain; but what a zone is made of, top-level domains have. */
  private static boolean isSingleLabel(ForwardKey key) {
    return key.name().labels() == 2
        && switch (key.type()) {
          case Type.NS, Type.SOA, Type.DS, Type.DNSKEY -> false;
          default -> true;
        };
  }

  private static boolean isInZone(Name name) {
    int labels = name.labels();
    return IntStream.range(Math.max(0, labels - MOST_LABELS), labels)
        .anyMatch(skipped -> ZONES.contains(skipped == 0 ? name : new Name(name, skipped)));
  }

  /** RFC 6303, section 4.1. */
  private static Stream<String> privateNetworks() {
    return Stream.concat(
        Stream.of("10.in-addr.arpa.", "168.192.in-addr.arpa."),
        IntStream.rangeClosed(16, 31).mapToObj(octet -> octet + ".172.in-addr.arpa."));
  }

  /** RFC 6303, sections 4.2 to 4.6. */
  private static Stream<String> otherNetworks() {
    return Stream.of(
        "0.in-addr.arpa.",
        "127.in-addr.arpa.",
        "254.169.in-addr.arpa.",
        "2.0.192.in-addr.arpa.",
        "100.51.198.in-addr.arpa.",
        "113.0.203.in-addr.arpa.",
        "255.255.255.255.in-addr.arpa.",
        "0.".repeat(32) + "ip6.arpa.",
        "1." + "0.".repeat(31) + "ip6.arpa.",
        "d.f.ip6.arpa.",
        "8.e.f.ip6.arpa.",
        "9.e.f.ip6.arpa.",
        "a.e.f.ip6.arpa.",
        "b.e.f.ip6.arpa.",
        "8.b.d.0.1.0.0.2.ip6.arpa.");
  }

  /** RFC 7793. */
  private static Stream<String> sharedNetwork() {
    return IntStream.rangeClosed(64, 127).mapToObj(octet -> octet + ".100.in-addr.arpa.");
  }

  /**
   * RFC 6761, sections 6.2 to 6.4; RFC 6762, section 3; RFC 7686; RFC 8375; and {@code internal},
   * which the root zone will never have (ICANN, 2024).
   */
  private static Stream<String> words() {
    return Stream.of(
        "test.", "localhost.", "invalid.", "local.", "onion.", "home.arpa.", "internal.");
  }
}
