package io.mammatus.store.log;

import io.mammatus.core.log.Event;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Resource;
import io.mammatus.platform.json.Json;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.lang.reflect.Type;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Entries and resources as rows. What another version of this program wrote is read leniently. */
final class Codec {

  private static final Json JSON = Json.lenient();
  private static final Map<Kind, Type> TYPES = new EnumMap<>(Kind.class);

  static {
    for (Kind kind : Kind.values()) {
      TYPES.put(kind, JSON.type(Resource.class, kind.specType(), kind.statusType()));
    }
  }

  private Codec() {}

  private static Type type(Kind kind) {
    return Objects.requireNonNull(TYPES.get(kind));
  }

  /** One array per column: at, actor, cause, trace_id, type, subjects, payload. */
  static Tuple columns(List<LogEntry> entries) {
    return Tuple.tuple()
        .addArrayOfOffsetDateTime(
            entries.stream()
                .map(entry -> entry.at().atOffset(ZoneOffset.UTC))
                .toArray(OffsetDateTime[]::new))
        .addArrayOfString(texts(entries, LogEntry::actor))
        .addArrayOfString(texts(entries, LogEntry::cause))
        .addArrayOfString(texts(entries, LogEntry::traceId))
        .addArrayOfString(texts(entries, entry -> entry.event().getClass().getSimpleName()))
        .addArrayOfString(texts(entries, Codec::subjects))
        .addArrayOfString(texts(entries, entry -> JSON.write(entry.event(), Event.class)));
  }

  /** One array per column: id, kind, name, workspace, version, body. */
  static Tuple resourceColumns(List<? extends Resource<?, ?>> resources) {
    return Tuple.tuple()
        .addArrayOfUUID(
            resources.stream()
                .map(resource -> resource.id().value())
                .toArray(java.util.UUID[]::new))
        .addArrayOfString(texts(resources, resource -> resource.kind().singular()))
        .addArrayOfString(texts(resources, Resource::name))
        .addArrayOfString(texts(resources, resource -> resource.metadata().workspace()))
        .addArrayOfLong(
            resources.stream().map(resource -> resource.metadata().version()).toArray(Long[]::new))
        .addArrayOfString(
            texts(resources, resource -> JSON.write(resource, type(resource.kind()))));
  }

  /** An array's text form: arrays of different lengths do not fit in one array. */
  private static String subjects(LogEntry entry) {
    return entry.event().subjects().stream()
        .map(ref -> ref.id().toString())
        .collect(Collectors.joining(",", "{", "}"));
  }

  private static <T> String[] texts(List<? extends T> list, Function<T, String> text) {
    return list.stream().map(text).toArray(String[]::new);
  }

  static LogEntry entry(Row row) {
    return new LogEntry(
        row.getLong("position"),
        row.getOffsetDateTime("at").toInstant(),
        row.getString("actor"),
        row.getString("cause"),
        row.getString("trace_id"),
        JSON.read(row.getString("payload"), Event.class));
  }

  static Resource<?, ?> resource(Row row) {
    String word = row.getString("kind");
    Kind kind =
        Kind.named(word)
            .orElseThrow(() -> new IllegalStateException("the store holds an unknown " + word));
    return JSON.read(row.getString("body"), type(kind));
  }
}
