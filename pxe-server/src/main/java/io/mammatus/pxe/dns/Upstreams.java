package io.mammatus.pxe.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Whom to ask, and in which order: as configured, but whoever failed lately comes last. For one
 * thread; times are the caller's, in nanoseconds as {@link System#nanoTime} has them.
 */
final class Upstreams {

  static final Duration AVOID = Duration.ofSeconds(10);

  private final Predicate<Upstream> isSelf;
  private final Map<Upstream, Long> failed = new HashMap<>();
  private List<Upstream> all = List.of();

  /**
   * @param isSelf whether an address is one that this server listens on: it would ask itself
   */
  Upstreams(Predicate<Upstream> isSelf) {
    this.isSelf = isSelf;
  }

  void set(List<Upstream> changed) {
    all = changed.stream().distinct().toList();
    failed.keySet().retainAll(all);
  }

  List<Upstream> inOrder(long now) {
    List<Upstream> good = new ArrayList<>();
    List<Upstream> bad = new ArrayList<>();
    for (Upstream upstream : all) {
      if (!isSelf.test(upstream)) {
        Long since = failed.get(upstream);
        boolean avoid = since != null && now - since < AVOID.toNanos();
        (avoid ? bad : good).add(upstream);
      }
    }
    good.addAll(bad);
    return good;
  }

  void failed(Upstream upstream, long now) {
    failed.put(upstream, now);
  }

  void answered(Upstream upstream) {
    failed.remove(upstream);
  }
}
