package io.mammatus.pxe.dns;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Whom to ask, and in which order: as configured, but whoever is away comes last. The fallback is
 * none of them: names that only the operator's own servers know must not be told to a stranger
 * because one of these is slow or says SERVFAIL. For one thread; times are the caller's, in
 * nanoseconds as {@link System#nanoTime} has them.
 */
final class Upstreams {

  /** How long one that knows no EDNS is not asked with it. */
  static final Duration PLAIN = Duration.ofMinutes(10);

  private final Predicate<Upstream> isSelf;
  private final Map<Upstream, Standing> standings = new HashMap<>();
  private List<Upstream> all = List.of();
  private Optional<Upstream> fallback = Optional.empty();

  /** What is known of one. */
  private static final class Standing {
    boolean away;
    long answers;
    Optional<Long> plainSince = Optional.empty();
  }

  /**
   * @param isSelf whether an address is one that this server listens on: it would ask itself
   */
  Upstreams(Predicate<Upstream> isSelf) {
    this.isSelf = isSelf;
  }

  void set(List<Upstream> changed, Fallback last) {
    all = changed.stream().distinct().toList();
    fallback = last.upstream().filter(one -> !all.contains(one));
    standings.keySet().removeIf(one -> !all.contains(one) && !fallback.equals(Optional.of(one)));
  }

  List<Upstream> inOrder() {
    List<Upstream> there = new ArrayList<>();
    List<Upstream> away = new ArrayList<>();
    for (Upstream upstream : all) {
      if (!isSelf.test(upstream)) {
        (standing(upstream).away ? away : there).add(upstream);
      }
    }
    there.addAll(away);
    return there;
  }

  Optional<Upstream> fallback() {
    return fallback.filter(one -> !isSelf.test(one));
  }

  /** Whether none of them is there, also because there is none; the fallback does not count. */
  boolean areAllAway() {
    return inOrder().stream().allMatch(one -> standing(one).away);
  }

  /** It cannot be reached, or it says nothing to anything; until it answers. */
  void away(Upstream upstream) {
    standing(upstream).away = true;
  }

  /** It said something, and be it an error. */
  void answered(Upstream upstream) {
    Standing standing = standing(upstream);
    standing.away = false;
    standing.answers++;
  }

  /** How often it answered: the same number later means that it has not meanwhile. */
  long answers(Upstream upstream) {
    return standing(upstream).answers;
  }

  boolean takesEdns(Upstream upstream, long now) {
    return standing(upstream).plainSince.filter(since -> now - since < PLAIN.toNanos()).isEmpty();
  }

  /** It answers what it is asked without EDNS, and only that. */
  void knowsNoEdns(Upstream upstream, long now) {
    standing(upstream).plainSince = Optional.of(now);
  }

  private Standing standing(Upstream upstream) {
    return standings.computeIfAbsent(upstream, _ -> new Standing());
  }
}
