package io.mammatus.pxe.trace;

/** Hears everything; called on event loops, so an implementation must return at once. */
public interface PxeTrace {

  void packet(PacketVerdict verdict);

  void progress(BootProgress progress);

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
