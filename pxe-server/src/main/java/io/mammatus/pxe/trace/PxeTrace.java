package io.mammatus.pxe.trace;

/** Hears everything; called on event loops, so an implementation must return at once. */
public interface PxeTrace {

  void packet(PacketVerdict verdict);

  void progress(BootProgress progress);

  /**
   * A packet of which many come a second and none is worth a record: to be counted and no more.
   * Every argument is one of a few words.
   */
  default void count(String protocol, PacketVerdict.Outcome outcome, String what, String reason) {}

  /** So many of them at once. */
  default void count(
      String protocol, PacketVerdict.Outcome outcome, String what, String reason, int packets) {
    for (int i = 0; i < packets; i++) {
      count(protocol, outcome, what, reason);
    }
  }

  /** Hears and forgets. */
  static PxeTrace none() {
    return new PxeTrace() {
      @Override
      public void packet(PacketVerdict verdict) {}

      @Override
      public void progress(BootProgress progress) {}
    };
  }
}
