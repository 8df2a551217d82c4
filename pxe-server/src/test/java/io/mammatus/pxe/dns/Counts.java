package io.mammatus.pxe.dns;

import io.mammatus.pxe.trace.BootProgress;
import io.mammatus.pxe.trace.PacketVerdict;
import io.mammatus.pxe.trace.PxeTrace;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts as the metrics do, by {@code OUTCOME what reason}; and what was kept as a record. */
final class Counts implements PxeTrace {

  private final Map<String, AtomicInteger> counted = new ConcurrentHashMap<>();
  final AtomicInteger records = new AtomicInteger();

  @Override
  public void count(String protocol, PacketVerdict.Outcome outcome, String what, String reason) {
    if (!protocol.equals("dns")) {
      throw new IllegalArgumentException(protocol);
    }
    counted
        .computeIfAbsent(outcome + " " + what + " " + reason, _ -> new AtomicInteger())
        .incrementAndGet();
  }

  int of(String what) {
    AtomicInteger count = counted.get(what);
    return count == null ? 0 : count.get();
  }

  int all() {
    return counted.values().stream().mapToInt(AtomicInteger::get).sum();
  }

  @Override
  public void packet(PacketVerdict verdict) {
    records.incrementAndGet();
  }

  @Override
  public void progress(BootProgress progress) {
    records.incrementAndGet();
  }

  @Override
  public String toString() {
    return counted.toString();
  }
}
