package io.mammatus.store.log;

import io.mammatus.core.log.LogEntry;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.log.ResourceEvent.SpecApplied;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.FlavorSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Uid;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Entries and resources to write. */
final class Samples {

  static final Instant AT = Instant.parse("2026-01-02T03:04:05.123456Z");

  private Samples() {}

  static Uid uid(long number) {
    return new Uid(new UUID(0, number));
  }

  static LogEntry applied(long position, Uid id) {
    return entry(
        position,
        new SpecApplied(
            Kind.FLAVOR, id, "f" + id, "default", Map.of("a", "b"), new FlavorSpec(2, 512, 10)));
  }

  static LogEntry deleted(long position, Uid id) {
    return entry(position, new ResourceDeleted(new Ref(Kind.FLAVOR, id), "nobody wants it"));
  }

  private static LogEntry entry(long position, io.mammatus.core.log.Event event) {
    return new LogEntry(position, AT, "admin", "test", "0af7651916cd43dd8448eb211c80319c", event);
  }

  static List<LogEntry> entries(long after, int count) {
    List<LogEntry> entries = new ArrayList<>();
    for (long position = after + 1; position <= after + count; position++) {
      entries.add(applied(position, uid(position)));
    }
    return entries;
  }

  static Resource<FlavorSpec, AvailableStatus> flavor(Uid id, String name, long version) {
    return new Resource<>(
        Kind.FLAVOR,
        new Metadata(id, name, "default", Map.of("a", "b"), version, AT, null),
        new FlavorSpec(2, 512, 10),
        AvailableStatus.AVAILABLE);
  }
}
