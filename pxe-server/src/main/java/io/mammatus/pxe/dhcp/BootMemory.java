package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each machine was lately given to boot, as far as that says something of what it should get
 * next; bounded, the oldest forgotten first. For one thread.
 */
public final class BootMemory {

  /** A loop of loaders takes seconds a round. */
  private static final Duration CHAINS_COUNT_FOR = Duration.ofMinutes(2);

  /** Long enough for somebody to come by and switch the machine on again. */
  private static final Duration UNSTARTED_COUNTS_FOR = Duration.ofDays(1);

  /** RFC 2131, section 4.1: a client has given up repeating a request by then. */
  private static final Duration REPEATS_WITHIN = Duration.ofMinutes(1);

  private static final int CAPACITY = 4096;

  private final Map<Mac, Given> known = new LinkedHashMap<>();

  /**
   * What counts of a machine's past.
   *
   * @param chains how often, being an iPXE, it was given our loader
   * @param unstarted how often it was given our loader, and was no iPXE since
   */
  public record Recent(int chains, int unstarted) {
    public static final Recent NOTHING = new Recent(0, 0);
  }

  private record Given(Recent before, Recent after, int transaction, long at) {}

  /**
   * What is remembered for deciding on a message.
   *
   * @param transaction the message's: one that repeats what was answered is decided as it was then
   */
  Recent recent(Mac mac, int transaction, long now) {
    Given given = known.get(mac);
    if (given == null) {
      return Recent.NOTHING;
    }
    long age = now - given.at;
    Recent counts = repeated(given, transaction, now) ? given.before : given.after;
    return new Recent(
        age > CHAINS_COUNT_FOR.toNanos() ? 0 : counts.chains,
        age > UNSTARTED_COUNTS_FOR.toNanos() ? 0 : counts.unstarted);
  }

  /**
   * Takes note of an acknowledgement.
   *
   * @param transaction the request's: a repeated one does not count again
   * @param why {@link BootDecision#why}
   */
  void acknowledged(Mac mac, int transaction, String why, long now) {
    Given given = known.get(mac);
    if (given != null && repeated(given, transaction, now)) {
      return;
    }
    Recent recent = recent(mac, transaction, now);
    switch (why) {
      case "script" -> known.remove(mac);
      case "chain-loader" -> put(mac, recent, new Recent(recent.chains + 1, 0), transaction, now);
      case "loader", "http-loader" ->
          put(mac, recent, new Recent(recent.chains, recent.unstarted + 1), transaction, now);
      // What it was given is signed: it stays so until an iPXE is heard.
      case "signed-loader" -> put(mac, recent, recent, transaction, now);
      default -> {}
    }
  }

  /** Some ROMs make the transaction's number of their MAC, the same at each boot. */
  private static boolean repeated(Given given, int transaction, long now) {
    return given.transaction == transaction && now - given.at <= REPEATS_WITHIN.toNanos();
  }

  private void put(Mac mac, Recent before, Recent after, int transaction, long now) {
    known.remove(mac);
    if (known.size() >= CAPACITY) {
      known.remove(known.keySet().iterator().next());
    }
    known.put(mac, new Given(before, after, transaction, now));
  }
}
