package io.mammatus.store.trace;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Uid;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One thing that was seen or done.
 *
 * @param at kept to the microsecond
 * @param subject the resource it concerns, where known
 * @param source which part of the house saw it, such as {@code dhcp} or {@code tftp}
 * @param what a stable word, such as {@code discover} or {@code ignored}
 * @param reason a sentence for people; empty if none is needed
 * @param detail further facts, by name
 */
public record TraceRecord(
    Instant at,
    Optional<Uid> subject,
    Optional<Mac> mac,
    Optional<IpAddress> address,
    String source,
    String what,
    String reason,
    Map<String, String> detail) {

  private static final int MAX_STRANGE = 200;
  private static final Pattern UNPRINTABLE = Pattern.compile("[^\\x20-\\x7e]");

  public TraceRecord {
    reason = storable(reason);
    what = storable(what);
    detail =
        detail.entrySet().stream()
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, e -> storable(e.getValue())));
  }

  /** What a stranger sent, fit to be shown: at most 200 characters, all printable ASCII. */
  public static String printable(String text) {
    String cut = text.length() > MAX_STRANGE ? text.substring(0, MAX_STRANGE) : text;
    for (int i = 0; i < cut.length(); i++) {
      if (!isPrintable(cut.charAt(i))) {
        return UNPRINTABLE.matcher(cut).replaceAll("?");
      }
    }
    return cut;
  }

  private static boolean isPrintable(char c) {
    return c >= ' ' && c <= '~';
  }

  /** Whatever came from a wire is kept so that PostgreSQL can hold it: U+0000 it cannot. */
  private static String storable(String text) {
    return text.replace('\0', '?');
  }
}
