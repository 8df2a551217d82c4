package io.mammatus.platform.config;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is wrong between the values of a record, all of it. A constructor collects, and at its end
 * raises:
 *
 * <pre>{@code
 * new Faults()
 *     .require(first <= last, "last", "is before first")
 *     .require(last <= end, "end", "is before last")
 *     .raise();
 * }</pre>
 */
public final class Faults {

  private final List<Fault> all = new ArrayList<>();

  /**
   * One thing to correct.
   *
   * @param key of the section; empty for the section itself
   */
  record Fault(String key, String message) {}

  /** All of it, as one exception. */
  static final class Refused extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;
    private final transient List<Fault> faults;

    Refused(List<Fault> faults) {
      super(
          faults.stream()
              .map(fault -> (fault.key().isEmpty() ? "" : fault.key() + ": ") + fault.message())
              .collect(Collectors.joining("; ")));
      this.faults = List.copyOf(faults);
    }

    List<Fault> faults() {
      return faults;
    }
  }

  /** Notes a fault unless {@code holds}. */
  public Faults require(boolean holds, String key, String message) {
    if (!holds) {
      all.add(new Fault(key, message));
    }
    return this;
  }

  /**
   * Ends the collecting.
   *
   * @throws IllegalArgumentException with all faults, if there are any
   */
  public void raise() {
    if (!all.isEmpty()) {
      throw new Refused(all);
    }
  }
}
