package io.mammatus.pxe.tftp;

import java.util.Optional;

/**
 * The sender's side of a transfer as a value: what arrives or fails to arrive gives the next state
 * and the one thing to do. Pure; blocks are counted from 1 without end, their low 16 bits go on the
 * wire.
 *
 * @param lastBlock the block that ends the transfer: the first one that is not full
 * @param window blocks before an acknowledgement (RFC 7440); 1 is RFC 1350's lock step
 * @param awaitsOack the OACK was sent, and block 0 is not acknowledged yet (RFC 2347)
 * @param acked every block up to here has arrived
 * @param sent every block up to here was sent
 * @param attempts time-outs in a row
 * @param wentBack a repeated acknowledgement was answered already since anything new arrived
 */
record SendState(
    long lastBlock,
    int window,
    boolean awaitsOack,
    long acked,
    long sent,
    int attempts,
    boolean wentBack) {

  /** What is to be done. */
  sealed interface Action {
    record SendOack() implements Action {}

    record SendBlocks(long first, long last) implements Action {}

    /** Nothing new: go on waiting, without starting the wait over. */
    record Wait() implements Action {}

    record Finished() implements Action {}

    record GiveUp() implements Action {}
  }

  /** The state to go on with, and what to do. */
  record Step(SendState next, Action action) {}

  static Step begin(long size, TransferOptions options) {
    boolean oack = !options.acknowledged().isEmpty();
    SendState state =
        new SendState(size / options.blockSize() + 1, options.windowSize(), oack, 0, 0, 0, false);
    return oack ? new Step(state, new Action.SendOack()) : state.advance(0);
  }

  /**
   * An acknowledgement came.
   *
   * @param block its 16 bits
   * @param early whether it came sooner after the last sending than a packet takes to the client
   *     and back: then it cannot be an answer to that
   */
  Step acknowledged(int block, boolean early) {
    if (awaitsOack) {
      return block == 0
          ? new SendState(lastBlock, window, false, 0, 0, 0, false).advance(0)
          : new Step(this, new Action.Wait());
    }
    long forward = (block - acked) & 0xffff;
    if (forward > sent - acked) {
      return new Step(this, new Action.Wait()); // from before, or made up
    }
    return forward == 0 ? repeated(early) : advance(acked + forward);
  }

  /** Whether an acknowledgement with these 16 bits says nothing but that a window has a gap. */
  boolean isRepeated(int block) {
    return window > 1 && !awaitsOack && ((block - acked) & 0xffff) == 0;
  }

  /**
   * In lock step, a repeated acknowledgement is never answered: it is what a delayed packet and a
   * time-out make, and answering it doubles every packet from then on (the sorcerer's apprentice,
   * RFC 1123, section 4.2.3.1). With a window it is how the receiver says that the first block of
   * one was lost (RFC 7440, section 4); answered once until something new arrives. EDK II's client
   * says so again for every block that arrives behind the gap: those of the window before, which
   * were under way when the new one was sent, are early.
   */
  private Step repeated(boolean early) {
    if (window == 1 || wentBack || early || acked == 0 && sent == 0) {
      return new Step(this, new Action.Wait());
    }
    SendState next = new SendState(lastBlock, window, false, acked, sent, attempts, true);
    return new Step(next, new Action.SendBlocks(acked + 1, sent));
  }

  /** Everything up to {@code arrived} is there: the next window begins behind it. */
  private Step advance(long arrived) {
    if (arrived >= lastBlock) {
      return new Step(
          new SendState(lastBlock, window, false, arrived, sent, 0, false), new Action.Finished());
    }
    long end = Math.min(arrived + window, lastBlock);
    return new Step(
        new SendState(lastBlock, window, false, arrived, end, 0, false),
        new Action.SendBlocks(arrived + 1, end));
  }

  /** What is wrong about an acknowledgement that nothing came of; one from before is in order. */
  Optional<BadPacket> fault(int block) {
    if (awaitsOack) {
      return Optional.of(BadPacket.ACK_BEFORE_OPTIONS);
    }
    long ahead = (block - sent) & 0xffff;
    return ahead > 0 && ahead < 0x8000 ? Optional.of(BadPacket.ACK_AHEAD) : Optional.empty();
  }

  /**
   * Nothing came for as long as one waits.
   *
   * @param most how often that is borne
   */
  Step timedOut(int most) {
    if (attempts + 1 >= most) {
      return new Step(this, new Action.GiveUp());
    }
    SendState next = new SendState(lastBlock, window, awaitsOack, acked, sent, attempts + 1, false);
    return new Step(
        next, awaitsOack ? new Action.SendOack() : new Action.SendBlocks(acked + 1, sent));
  }
}
