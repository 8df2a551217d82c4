package io.mammatus.pxe.trace;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Counts by protocol, outcome, kind and reason, and passes on. The keys are bounded by the words.
 */
public final class CountingTrace implements PxeTrace {

  private final PxeTrace next;
  private final Map<Key, LongAdder> counts = new ConcurrentHashMap<>();

  /** What is counted apart. */
  public record Key(String protocol, PacketVerdict.Outcome outcome, String what, String reason) {}

  public CountingTrace(PxeTrace next) {
    this.next = next;
  }

  @Override
  public void packet(PacketVerdict verdict) {
    Key key = new Key(verdict.protocol(), verdict.outcome(), verdict.what(), verdict.reason());
    counts.computeIfAbsent(key, _ -> new LongAdder()).increment();
    next.packet(verdict);
  }

  @Override
  public void progress(BootProgress progress) {
    next.progress(progress);
  }

  /** The counts so far, by a text form of their key. */
  public Map<String, Long> counts() {
    Map<String, Long> sums = new TreeMap<>();
    counts.forEach((key, sum) -> sums.put(key.toString(), sum.sum()));
    return sums;
  }

  /** How many packets ended so. */
  public long count(PacketVerdict.Outcome outcome, String reason) {
    return counts.entrySet().stream()
        .filter(e -> e.getKey().outcome() == outcome && e.getKey().reason().equals(reason))
        .mapToLong(e -> e.getValue().sum())
        .sum();
  }
}
