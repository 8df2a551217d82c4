package io.mammatus.pxe.tftp;

import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpError;
import io.mammatus.protocols.tftp.TftpPacket;
import io.mammatus.pxe.net.ConnectedUdp;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One file to one client, on a thread and from a socket of its own (RFC 1350, section 4: its port
 * is the transfer's identifier), which is connected: packets of others do not come in, and that the
 * client is gone does. What is said there is {@link Sending}'s.
 *
 * <p>In lock step nothing counts but the time between an acknowledgement and the next block: two
 * system calls of one thread. The kernel shares its time among the threads fairly. They may wait
 * for a disk, which the event loops may not.
 */
final class TftpTransfer {

  private final Ends ends;
  private final BootFile file;
  private final TftpPacket.Rrq request;
  private final Consumer<End> ended;
  private final Signals signals = new Signals();
  private final Map<BadPacket, Integer> bad = new EnumMap<>(BadPacket.class);
  private volatile @Nullable ConnectedUdp interruptible;

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
   * @param request whose mode is octet, or netascii for a file of at most {@link
   *     NetasciiFile#MAX_SIZE}
   * @param ended told once, on the transfer's thread, when the socket is closed already
   */
  TftpTransfer(Ends ends, BootFile file, TftpPacket.Rrq request, Consumer<End> ended) {
    this.ends = ends;
    this.file = file;
    this.request = request;
    this.ended = ended;
  }

  /** Starts the thread, which sends the first packet. */
  void start() {
    Thread.ofPlatform().daemon().name("tftp-" + ends.client.getPort()).start(this::run);
  }

  /** Ends it, for a reason that is not the client's; from any thread. */
  void stop(String reason) {
    signals.stopped = reason;
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
    return !signals.over
        && (!signals.heard || System.nanoTime() - signals.heardAt < RoundTrip.SHORTEST_WAIT);
  }

  /**
   * Whether the client has ever answered; until then it may be one that somebody made up. From any
   * thread.
   */
  boolean isHeard() {
    return signals.heard;
  }

  /** How many packets came that were of no use, once it has ended. */
  Map<BadPacket, Integer> bad() {
    return bad;
  }

  private void run() {
    End how;
    try (Arena arena = Arena.ofConfined();
        ConnectedUdp socket = new ConnectedUdp(ends.server, ends.client)) {
      interruptible = socket;
      how = answer(arena, socket);
    } catch (PortUnreachableException e) {
      how = new End.Failed("client-unreachable");
    } catch (IOException e) {
      how = new End.Failed("socket-error");
    }
    signals.over = true;
    file.close();
    ended.accept(how);
  }

  private End answer(Arena arena, ConnectedUdp socket) throws IOException {
    BootFile content;
    try {
      content = request.mode().equals("netascii") ? NetasciiFile.of(file) : file;
    } catch (IOException e) {
      byte[] error = TftpCodec.encode(new TftpPacket.Error(TftpError.NOT_DEFINED, "unreadable"));
      MemorySegment octets = arena.allocate(error.length);
      socket.send(octets.copyFrom(MemorySegment.ofArray(error)), error.length);
      return new End.Failed("unreadable");
    }
    TransferOptions options =
        TransferOptions.negotiate(request.options(), content.size(), socket.mtu());
    BlockSender blocks = new BlockSender(arena, socket, content, options);
    return new Sending(socket, blocks, options, signals, bad).run(content.size());
  }
}
