package io.mammatus.pxe.tftp;

import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpError;
import io.mammatus.protocols.tftp.TftpPacket;
import io.mammatus.pxe.net.ConnectedUdp;
import io.mammatus.pxe.tftp.TftpTransfer.End;
import java.io.IOException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a transfer says and hears on its socket: executes what {@link SendState} says. */
final class Sending {

  /** Waits are set anew only when they are another multiple of it: a system call less a block. */
  private static final long WAIT_STEP = Duration.ofMillis(50).toNanos();

  /** A client that was never heard may be made up, and so is what it says of its patience. */
  private static final Duration UNHEARD_TIMEOUT = Duration.ofSeconds(2);

  private final ConnectedUdp socket;
  private final BlockSender blocks;
  private final TransferOptions options;
  private final Signals signals;
  private final Map<BadPacket, Integer> bad;
  private final Optional<Duration> unheardTimeout;
  private final RoundTrip roundTrip = new RoundTrip();
  private SendState state;
  private boolean again;
  private long sentAt;
  private long wait;
  private long waitSet;
  private @Nullable End end;

  /**
   * @param bad where packets that are of no use are counted
   */
  Sending(
      ConnectedUdp socket,
      BlockSender blocks,
      TransferOptions options,
      Signals signals,
      Map<BadPacket, Integer> bad) {
    this.socket = socket;
    this.blocks = blocks;
    this.options = options;
    this.signals = signals;
    this.bad = bad;
    this.unheardTimeout =
        options.timeout().map(t -> t.compareTo(UNHEARD_TIMEOUT) < 0 ? t : UNHEARD_TIMEOUT);
    this.state = SendState.begin(0, options).next();
  }

  /** From the first packet to the end. */
  End run(long size) throws IOException {
    String already = signals.stopped;
    if (already != null) {
      return new End.Failed(already);
    }
    act(SendState.begin(size, options));
    while (end == null) {
      int length = socket.receive();
      String reason = signals.stopped;
      if (reason != null) {
        return new End.Failed(reason);
      }
      if (length > 0) {
        received();
      }
      // What says nothing new does not start the wait over.
      if (end == null && (length < 0 || System.nanoTime() - sentAt > wait)) {
        again = true;
        act(state.timedOut(roundTrip.attempts(timeout())));
      }
    }
    return end;
  }

  private void received() throws IOException {
    ByteBuffer packet = socket.received();
    signals.heardAt = System.nanoTime();
    int acknowledged = TftpCodec.acknowledgedBlock(packet);
    if (acknowledged >= 0) {
      signals.heard = true;
      acknowledged(acknowledged);
      return;
    }
    byte[] octets = new byte[packet.remaining()];
    packet.get(octets);
    switch (TftpCodec.decode(octets)) {
      case Decoded.Ok<TftpPacket>(TftpPacket.Error(int code, String message)) ->
          end = new End.EndedByClient(code, message);
      case Decoded.Ok<TftpPacket> _ -> {
        bad.merge(BadPacket.NOT_AN_ACKNOWLEDGEMENT, 1, Integer::sum);
        send(new TftpPacket.Error(TftpError.ILLEGAL_OPERATION, "this is a read"));
        end = new End.Failed("not-an-acknowledgement");
      }
      // As if it had been lost.
      case Decoded.DecodeError<TftpPacket> _ -> bad.merge(BadPacket.MALFORMED, 1, Integer::sum);
    }
  }

  private void acknowledged(int block) throws IOException {
    long took = signals.heardAt - sentAt;
    boolean early = roundTrip.isEarly(took);
    SendState.Step step = state.acknowledged(block, early);
    if (step.action() instanceof SendState.Action.Wait) {
      if (early && state.isRepeated(block)) {
        waitNoLonger(roundTrip.ofDoubt());
      }
      state.fault(block).ifPresent(fault -> bad.merge(fault, 1, Integer::sum));
      return;
    }
    // What was sent twice says nothing (Karn), nor does what was not answered by all of a window.
    if (!again && step.next().acked() == state.sent()) {
      roundTrip.measured(took);
    }
    again =
        step.action() instanceof SendState.Action.SendBlocks(long first, long _)
            && first <= state.sent();
    act(step);
  }

  private void act(SendState.Step step) throws IOException {
    state = step.next();
    switch (step.action()) {
      case SendState.Action.Wait _ -> {}
      case SendState.Action.SendOack _ -> {
        send(new TftpPacket.Oack(options.acknowledged()));
        startWait();
      }
      case SendState.Action.SendBlocks(long first, long last) -> {
        sendBlocks(first, last);
        startWait();
      }
      case SendState.Action.Finished _ -> end = new End.Complete();
      case SendState.Action.GiveUp _ -> end = new End.Failed("no-acknowledgement");
    }
  }

  private void sendBlocks(long first, long last) throws IOException {
    try {
      blocks.send(first, last);
    } catch (BlockSender.Unreadable e) {
      send(new TftpPacket.Error(TftpError.NOT_DEFINED, "cannot read the file"));
      end = new End.Failed("unreadable");
    }
  }

  private void send(TftpPacket packet) throws PortUnreachableException {
    blocks.send(TftpCodec.encode(packet));
  }

  private void startWait() throws IOException {
    sentAt = System.nanoTime();
    wait = roundTrip.toWait(state.attempts(), timeout());
    setTimeout();
  }

  private Optional<Duration> timeout() {
    return signals.heard ? options.timeout() : unheardTimeout;
  }

  /** Maybe something was lost: it will be known sooner than one waits otherwise. */
  private void waitNoLonger(long than) throws IOException {
    if (than < wait) {
      wait = than;
      setTimeout();
    }
  }

  private void setTimeout() throws IOException {
    long rounded = (wait + WAIT_STEP - 1) / WAIT_STEP * WAIT_STEP;
    if (rounded != waitSet) {
      waitSet = rounded;
      socket.setTimeout(Duration.ofNanos(rounded));
    }
  }
}
