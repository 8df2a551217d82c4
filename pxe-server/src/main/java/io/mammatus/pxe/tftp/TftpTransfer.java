package io.mammatus.pxe.tftp;

import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpError;
import io.mammatus.protocols.tftp.TftpPacket;
import io.mammatus.pxe.net.ConnectedUdp;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One file to one client, on a thread and from a socket of its own (RFC 1350, section 4: its port
 * is the transfer's identifier), which is connected: packets of others do not come in, and that the
 * client is gone does. Executes what {@link SendState} says.
 *
 * <p>In lock step nothing counts but the time between an acknowledgement and the next block: two
 * system calls of one thread. The kernel shares its time among the threads fairly. They may wait
 * for a disk, which the event loops may not.
 */
final class TftpTransfer {

  /** Waits are set anew only when they are another multiple of it: a system call less a block. */
  private static final long WAIT_STEP = Duration.ofMillis(50).toNanos();

  private final Ends ends;
  private final BootFile file;
  private final TransferOptions options;
  private final Consumer<End> ended;
  private final RoundTrip roundTrip = new RoundTrip();
  private SendState state;
  private boolean again;
  private long sentAt;
  private long wait;
  private long waitSet;
  private @Nullable End end;
  private volatile @Nullable ConnectedUdp interruptible;
  private volatile @Nullable String stopped;
  private volatile long heardAt;
  private volatile boolean heard;
  private volatile boolean over;

  /** From where to whom. */
  record Ends(InetSocketAddress server, InetSocketAddress client) {}

  /** How a transfer ended. */
  sealed interface End {
    record Complete() implements End {}

    /** The client said so; many ROMs ask for the size only and then break off. */
    record EndedByClient(int code, String message) implements End {}

    record Failed(String reason) implements End {}
  }

  /** The thread's own: its socket and its memory. */
  private record Means(ConnectedUdp socket, BlockSender blocks) {
    void send(TftpPacket packet) throws PortUnreachableException {
      blocks.send(TftpCodec.encode(packet));
    }
  }

  /**
   * @param ended told once, on the transfer's thread, when the socket is closed already
   */
  TftpTransfer(Ends ends, BootFile file, TransferOptions options, Consumer<End> ended) {
    this.ends = ends;
    this.file = file;
    this.options = options;
    this.ended = ended;
    this.state = SendState.begin(file.size(), options).next();
  }

  /** Starts the thread, which sends the first packet. */
  void start() {
    Thread.ofPlatform().daemon().name("tftp-" + ends.client.getPort()).start(this::run);
  }

  /** Ends it, for a reason that is not the client's; from any thread. */
  void stop(String reason) {
    stopped = reason;
    ConnectedUdp open = interruptible;
    if (open != null) {
      open.interrupt();
    }
  }

  /**
   * Whether a request from this transfer's client, octet by octet the one that began it, is that
   * one, underway for long or repeated because nothing was heard: the transfer itself sees to it.
   * The client may also have begun anew with the same port; then this transfer has ended, or it has
   * been silent for as long as one waits. From any thread.
   */
  boolean isAskedForAgain() {
    return !over && (!heard || System.nanoTime() - heardAt < RoundTrip.SHORTEST_WAIT);
  }

  /**
   * Whether the client has ever answered; until then it may be one that somebody made up. From any
   * thread.
   */
  boolean isHeard() {
    return heard;
  }

  private void run() {
    End how;
    try (Arena arena = Arena.ofConfined();
        ConnectedUdp socket = new ConnectedUdp(ends.server, ends.client)) {
      interruptible = socket;
      how = transfer(new Means(socket, new BlockSender(arena, socket, file, options)));
    } catch (PortUnreachableException e) {
      how = new End.Failed("client-unreachable");
    } catch (IOException e) {
      how = new End.Failed("socket-error");
    }
    over = true;
    file.close();
    ended.accept(how);
  }

  private End transfer(Means means) throws IOException {
    act(means, SendState.begin(file.size(), options));
    while (end == null) {
      int length = means.socket.receive();
      String reason = stopped;
      if (reason != null) {
        return new End.Failed(reason);
      }
      if (length > 0) {
        received(means);
      }
      // What says nothing new does not start the wait over.
      if (end == null && (length < 0 || System.nanoTime() - sentAt > wait)) {
        again = true;
        act(means, state.timedOut());
      }
    }
    return end;
  }

  private void received(Means means) throws IOException {
    ByteBuffer packet = means.socket.received();
    heardAt = System.nanoTime();
    int acknowledged = TftpCodec.acknowledgedBlock(packet);
    if (acknowledged >= 0) {
      heard = true;
      acknowledged(means, acknowledged);
      return;
    }
    byte[] octets = new byte[packet.remaining()];
    packet.get(octets);
    switch (TftpCodec.decode(octets)) {
      case Decoded.Ok<TftpPacket>(TftpPacket.Error(int code, String message)) ->
          end = new End.EndedByClient(code, message);
      case Decoded.Ok<TftpPacket> _ -> {
        means.send(new TftpPacket.Error(TftpError.ILLEGAL_OPERATION, "this is a read"));
        end = new End.Failed("not-an-acknowledgement");
      }
      case Decoded.DecodeError<TftpPacket> _ -> {} // as if it had been lost
    }
  }

  private void acknowledged(Means means, int block) throws IOException {
    long took = heardAt - sentAt;
    boolean early = roundTrip.isEarly(took);
    SendState.Step step = state.acknowledged(block, early);
    if (step.action() instanceof SendState.Action.Wait) {
      if (early && state.isRepeated(block)) {
        waitNoLonger(means, roundTrip.ofDoubt());
      }
      return;
    }
    // What was sent twice says nothing (Karn), nor does what was not answered by all of a window.
    if (!again && step.next().acked() == state.sent()) {
      roundTrip.measured(took);
    }
    again =
        step.action() instanceof SendState.Action.SendBlocks(long first, long _)
            && first <= state.sent();
    act(means, step);
  }

  private void act(Means means, SendState.Step step) throws IOException {
    state = step.next();
    switch (step.action()) {
      case SendState.Action.Wait _ -> {}
      case SendState.Action.SendOack _ -> {
        means.send(new TftpPacket.Oack(options.acknowledged()));
        startWait(means);
      }
      case SendState.Action.SendBlocks(long first, long last) -> {
        sendBlocks(means, first, last);
        startWait(means);
      }
      case SendState.Action.Finished _ -> end = new End.Complete();
      case SendState.Action.GiveUp _ -> end = new End.Failed("no-acknowledgement");
    }
  }

  private void sendBlocks(Means means, long first, long last) throws IOException {
    try {
      means.blocks.send(first, last);
    } catch (BlockSender.Unreadable e) {
      means.send(new TftpPacket.Error(TftpError.NOT_DEFINED, "cannot read the file"));
      end = new End.Failed("unreadable");
    }
  }

  private void startWait(Means means) throws IOException {
    sentAt = System.nanoTime();
    wait = roundTrip.toWait(state.attempts(), options.timeout());
    setTimeout(means);
  }

  /** Maybe something was lost: it will be known sooner than one waits otherwise. */
  private void waitNoLonger(Means means, long than) throws IOException {
    if (than < wait) {
      wait = than;
      setTimeout(means);
    }
  }

  private void setTimeout(Means means) throws IOException {
    long rounded = (wait + WAIT_STEP - 1) / WAIT_STEP * WAIT_STEP;
    if (rounded != waitSet) {
      waitSet = rounded;
      means.socket.setTimeout(Duration.ofNanos(rounded));
    }
  }
}
