package io.mammatus.platform.health;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The parts of a process that can say how they are. Thread-safe. */
public final class HealthChecks {

  private final Map<String, Supplier<Health>> checks = new ConcurrentHashMap<>();

  /**
   * Adds or replaces a part.
   *
   * @param check answers at once, from memory: it is called on an event loop
   */
  public void register(String part, Supplier<Health> check) {
    checks.put(part, check);
  }

  public Report report() {
    SortedMap<String, Health> parts = new TreeMap<>();
    checks.forEach((part, check) -> parts.put(part, check.get()));
    return new Report(parts);
  }

  /** How all parts were at one moment. */
  public record Report(SortedMap<String, Health> parts) {

    /** Whether the process should go on running. */
    public boolean live() {
      return parts.values().stream().noneMatch(part -> part.state() == Health.State.DEAD);
    }

    /** Whether the process should get work. */
    public boolean ready() {
      return parts.values().stream()
          .allMatch(part -> part.state().compareTo(Health.State.NOT_READY) < 0);
    }
  }
}
