package io.mammatus.pxe.dns;

import io.mammatus.pxe.dns.UpstreamExchange.NoAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A question on its way, and what came of it so far. For one thread. */
final class Inquiry {

  /** No new try after that: clients ask again after five seconds (resolv.conf(5)). */
  private static final Duration LONGEST = Duration.ofMillis(4500);

  final ForwardKey key;
  private final long began = System.nanoTime();
  private final List<Upstream> silent = new ArrayList<>();
  private Optional<NoAnswer> said = Optional.empty();
  private Optional<NoAnswer> last = Optional.empty();

  Inquiry(ForwardKey key) {
    this.key = key;
  }

  boolean isLate() {
    return System.nanoTime() - began >= LONGEST.toNanos();
  }

  void failed(Upstream upstream, NoAnswer why) {
    last = Optional.of(why);
    if (why.kind() == NoAnswer.Kind.SILENT) {
      silent.add(upstream);
    } else if (why.kind() == NoAnswer.Kind.ANSWERED) {
      said = last;
    }
  }

  /** Those that may only have been slow. */
  List<Upstream> silent() {
    return List.copyOf(silent);
  }

  /** Whether anybody answered: it is an error, but it is the answer. */
  boolean isAnswered() {
    return said.isPresent();
  }

  NoAnswer failure() {
    return said.or(() -> last)
        .orElseGet(() -> new NoAnswer("no-upstream", NoAnswer.Kind.UNREACHABLE));
  }
}
