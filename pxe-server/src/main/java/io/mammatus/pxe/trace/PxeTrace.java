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
