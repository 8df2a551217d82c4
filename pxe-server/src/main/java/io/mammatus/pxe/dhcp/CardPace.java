package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;

/**
 * How often one card may ask: what comes beyond it is a loop or an attack, and would cost lookups
 * and records. A table of fixed size without a lock, for one thread: a card whose place is in use
 * by another one is not counted, so that nobody is refused for what other cards send. Whoever sends
 * in a card's own name can use up what it has: one layer 2 does not tell them apart.
 */
final class CardPace {

  /** A firmware with four network stacks asks a dozen times in its first second. */
  static final int BURST = 32;

  /** One more each so many nanoseconds. */
  static final long INTERVAL = 125_000_000;

  private static final int PLACES = 1 << 12;

  private final long[] cards = new long[PLACES];

  /** When all of the burst is there again. */
  private final long[] restored = new long[PLACES];

  /**
   * Whether this packet is one that it may send.
   *
   * @param now as {@link System#nanoTime} has it
   */
  boolean allows(Mac card, long now) {
    int place = (int) (card.bits() * 0x9e3779b97f4a7c15L >>> 52);
    long wait = Math.max(0, restored[place] - now);
    if (cards[place] != card.bits()) {
      if (wait > 0) {
        return true;
      }
      cards[place] = card.bits();
    }
    if (wait > (BURST - 1) * INTERVAL) {
      return false;
    }
    restored[place] = now + wait + INTERVAL;
    return true;
  }
}
