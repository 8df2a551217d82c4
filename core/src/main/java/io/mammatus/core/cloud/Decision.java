package io.mammatus.core.cloud;

import io.mammatus.core.log.Event;
import java.util.List;

/** What became of a command. */
public sealed interface Decision {

  /** These events happen; none when it was so already. */
  record Accepted(List<Event> events) implements Decision {
    public Accepted {
      events = List.copyOf(events);
    }
  }

  /** Nothing happens, and this is why. */
  record Refused(Failure failure) implements Decision {}

  static Decision nothing() {
    return new Accepted(List.of());
  }

  static Decision accept(Event... events) {
    return new Accepted(List.of(events));
  }

  static Decision refuse(Failure failure) {
    return new Refused(failure);
  }
}
