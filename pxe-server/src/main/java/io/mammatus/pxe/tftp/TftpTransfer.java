package io.mammatus.pxe.tftp;

import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpError;
import io.mammatus.protocols.tftp.TftpPacket;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One file to one client, from a socket of its own (RFC 1350, section 4: its port is the transfer's
 * identifier), which is connected: packets of others do not come in, and that the client is gone
 * does. Executes what {@link SendState} says, all of it on the thread of its {@link TransferLoop}.
 */
final class TftpTransfer {

  /** Blocks of one turn; the rest of a window waits until the others had theirs. */
  private static final int TURN = 32;

  private static final int SEND_BUFFER = 1 << 20;

  private final TransferLoop loop;
  private final Ends ends;
  private final BootFile file;
  private final TransferOptions options;
  private final Consumer<End> ended;
  private final RoundTrip roundTrip = new RoundTrip();
  private @Nullable DatagramChannel socket;
  private @Nullable SelectionKey key;
  private SendState state;
  private long nextBlock = 1;
  private long lastBlock;
  private boolean again;
  private long sentAt;
  private long waitUntil;
  private long heardAt;
  private volatile boolean heard;
  private boolean over;

  /** From where to whom. */
  record Ends(InetSocketAddress server, InetSocketAddress client) {}

  /** How a transfer ended. */
  sealed interface End {
    record Complete() implements End {}

    /** The client said so; many ROMs ask for the size only and then break off. */
    record EndedByClient(int code, String message) implements End {}

    record Failed(String reason) implements End {}
  }

  /**
   * @param ended told once, on the loop's thread, when the socket is closed already
   */
  TftpTransfer(
      TransferLoop loop, Ends ends, BootFile file, TransferOptions options, Consumer<End> ended) {
    this.loop = loop;
    this.ends = ends;
    this.file = file;
    this.options = options;
    this.ended = ended;
    this.state = SendState.begin(file.size(), options).next();
  }

  /** Opens the socket and sends the first packet. */
  void start() {
    try {
      DatagramChannel opened = DatagramChannel.open(StandardProtocolFamily.INET);
      socket = opened;
      opened.configureBlocking(false);
      opened.setOption(StandardSocketOptions.SO_SNDBUF, SEND_BUFFER);
      opened.bind(ends.server).connect(ends.client);
      key = loop.add(this, opened);
      act(SendState.begin(file.size(), options));
    } catch (IOException e) {
      end(new End.Failed("no-socket"));
    }
  }

  /** The socket has something, or has room again. */
  void ready() {
    DatagramChannel open = socket;
    SelectionKey mine = key;
    if (open == null || mine == null) {
      return;
    }
    try {
      if (mine.isReadable()) {
        received(loop.packets().receive(open));
      }
      if (nextBlock <= lastBlock && mine.isValid() && mine.isWritable()) {
        sendBlocks();
      }
    } catch (PortUnreachableException e) {
      end(new End.Failed("client-unreachable"));
    } catch (IOException e) {
      end(new End.Failed("socket-error"));
    }
  }

  /** From time to time: whether one has waited long enough. */
  void tick(long now) {
    if (socket != null && nextBlock > lastBlock && now - waitUntil > 0) {
      again = true;
      act(state.timedOut());
    }
  }

  /** Ends it, for a reason that is not the client's. */
  void stop(String reason) {
    end(new End.Failed(reason));
  }

  /**
   * Nanoseconds until the answer to what was just sent is likely here; 0 if there is no telling.
   */
  long answerTakes() {
    return socket == null || nextBlock <= lastBlock ? 0 : roundTrip.smoothed();
  }

  /**
   * Whether a request from this transfer's client, octet by octet the one that began it, is that
   * one, underway for long or repeated because nothing was heard: the transfer itself sees to it.
   * The client may also have begun anew with the same port; then this transfer has ended, or it has
   * been silent for as long as one waits.
   */
  boolean isAskedForAgain() {
    ready(); // maybe the end of it waits in the socket's buffer
    return socket != null && (!heard || System.nanoTime() - heardAt < RoundTrip.SHORTEST_WAIT);
  }

  /**
   * Whether the client has ever answered; until then it may be one that somebody made up. From any
   * thread.
   */
  boolean isHeard() {
    return heard;
  }

  private void received(ByteBuffer packet) throws IOException {
    if (!packet.hasRemaining()) {
      return;
    }
    heardAt = System.nanoTime();
    int acknowledged = TftpCodec.acknowledgedBlock(packet);
    if (acknowledged >= 0) {
      heard = true;
      acknowledged(acknowledged);
      return;
    }
    byte[] octets = new byte[packet.remaining()];
    packet.get(octets);
    switch (TftpCodec.decode(octets)) {
      case Decoded.Ok<TftpPacket>(TftpPacket.Error(int code, String message)) ->
          end(new End.EndedByClient(code, message));
      case Decoded.Ok<TftpPacket> _ -> {
        send(new TftpPacket.Error(TftpError.ILLEGAL_OPERATION, "this is a read"));
        end(new End.Failed("not-an-acknowledgement"));
      }
      case Decoded.DecodeError<TftpPacket> _ -> {} // as if it had been lost
    }
  }

  private void acknowledged(int block) {
    long took = heardAt - sentAt;
    boolean early = nextBlock <= lastBlock || took < roundTrip.smoothed();
    SendState.Step step = state.acknowledged(block, early);
    if (step.action() instanceof SendState.Action.Wait) {
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

  private void act(SendState.Step step) {
    state = step.next();
    switch (step.action()) {
      case SendState.Action.Wait _ -> {}
      case SendState.Action.SendOack _ -> {
        send(new TftpPacket.Oack(options.acknowledged()));
        startWait();
      }
      case SendState.Action.SendBlocks(long first, long last) -> {
        nextBlock = first;
        lastBlock = last;
        sendBlocks();
      }
      case SendState.Action.Finished _ -> end(new End.Complete());
      case SendState.Action.GiveUp _ -> end(new End.Failed("no-acknowledgement"));
    }
  }

  /** As much of the window as a turn and the socket's buffer have room for. */
  private void sendBlocks() {
    DatagramChannel open = socket;
    SelectionKey mine = key;
    if (open == null || mine == null) {
      return;
    }
    long end = Math.min(lastBlock, nextBlock + TURN - 1);
    while (nextBlock <= end && sendBlock(open, nextBlock)) {
      nextBlock++;
    }
    if (socket == null) {
      return;
    }
    boolean more = nextBlock <= lastBlock;
    int wanted = more ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ;
    if (mine.interestOps() != wanted) {
      mine.interestOps(wanted);
    }
    if (!more) {
      startWait();
    }
  }

  private boolean sendBlock(DatagramChannel open, long block) {
    ByteBuffer packet;
    try {
      packet = loop.packets().block(file, block, options.blockSize());
    } catch (IOException e) {
      send(new TftpPacket.Error(TftpError.NOT_DEFINED, "cannot read the file"));
      end(new End.Failed("unreadable"));
      return false;
    }
    try {
      return open.write(packet) > 0;
    } catch (PortUnreachableException e) {
      end(new End.Failed("client-unreachable"));
      return false;
    } catch (IOException e) {
      return true; // an interface that is down for a moment: as if it had been lost
    }
  }

  private void startWait() {
    sentAt = System.nanoTime();
    waitUntil = sentAt + roundTrip.toWait(state.attempts(), options.timeout());
  }

  private void send(TftpPacket packet) {
    DatagramChannel open = socket;
    if (open != null) {
      try {
        open.write(ByteBuffer.wrap(TftpCodec.encode(packet)));
      } catch (IOException e) {
        // As if it had been lost: it is sent again, or the client waits in vain.
      }
    }
  }

  private void end(End how) {
    if (over) {
      return;
    }
    over = true;
    DatagramChannel open = socket;
    socket = null;
    loop.remove(this);
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException("closing a datagram socket", e);
      }
    }
    file.close();
    ended.accept(how);
  }
}
