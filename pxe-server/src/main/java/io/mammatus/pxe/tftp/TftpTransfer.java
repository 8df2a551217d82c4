package io.mammatus.pxe.tftp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.Decoded;
import io.mammatus.protocols.tftp.TftpCodec;
import io.mammatus.protocols.tftp.TftpError;
import io.mammatus.protocols.tftp.TftpPacket;
import io.mammatus.pxe.net.UdpSocket;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One file to one client, from a socket of its own (RFC 1350, section 4: its port is the transfer's
 * identifier). Executes what {@link SendState} says; on the event loop that begins it.
 */
final class TftpTransfer {

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);

  private final Vertx vertx;
  private final InetSocketAddress client;
  private final BootFile file;
  private final TransferOptions options;
  private final ReadAhead octets;
  private final Promise<End> ended = Promise.promise();
  private @Nullable UdpSocket socket;
  private SendState state;
  private long timer = -1;
  private long turn;

  /** How a transfer ended. */
  sealed interface End {
    record Complete() implements End {}

    /** The client said so; many ROMs ask for the size only and then break off. */
    record EndedByClient(int code, String message) implements End {}

    record Failed(String reason) implements End {}
  }

  private TftpTransfer(
      Vertx vertx,
      InetSocketAddress client,
      BootFile file,
      TransferOptions options,
      SendState state) {
    this.vertx = vertx;
    this.client = client;
    this.file = file;
    this.options = options;
    this.state = state;
    this.octets = new ReadAhead(file, options.blockSize() * options.windowSize());
  }

  /** Runs a transfer to its end; the future fails only if no socket could be opened. */
  static Future<End> run(
      Vertx vertx, Ipv4 local, InetSocketAddress client, BootFile file, TransferOptions options) {
    SendState.Step first = SendState.begin(file.size(), options);
    TftpTransfer transfer = new TftpTransfer(vertx, client, file, options, first.next());
    return UdpSocket.open(vertx, local, transfer::received, transfer::broken)
        .compose(opened -> {
          transfer.socket = opened;
          transfer.act(first);
          return transfer.ended.future();
        });
  }

  private void received(byte[] datagram, InetSocketAddress sender) {
    UdpSocket open = socket;
    if (open == null) {
      return;
    }
    if (!sender.equals(client)) {
      // RFC 1350, section 4: somebody else's packet does not disturb the transfer.
      reply(open, sender, TftpError.UNKNOWN_TRANSFER_ID, "not your transfer");
      return;
    }
    if (!(TftpCodec.decode(datagram) instanceof Decoded.Ok<TftpPacket>(TftpPacket packet))) {
      return;
    }
    switch (packet) {
      case TftpPacket.Ack(int block) -> act(state.acknowledged(block));
      case TftpPacket.Error(int code, String message) -> end(new End.EndedByClient(code, message));
      case TftpPacket.Rrq _, TftpPacket.Wrq _, TftpPacket.Data _, TftpPacket.Oack _ -> {
        reply(open, client, TftpError.ILLEGAL_OPERATION, "this is a read");
        end(new End.Failed("not-an-acknowledgement"));
      }
    }
  }

  private void broken(Throwable cause) {
    end(new End.Failed("client-unreachable"));
  }

  private void act(SendState.Step step) {
    state = step.next();
    switch (step.action()) {
      case SendState.Action.Wait _ -> {}
      case SendState.Action.SendOack _ -> {
        send(TftpCodec.encode(new TftpPacket.Oack(options.acknowledged())));
        startWait();
      }
      case SendState.Action.SendBlocks(long first, long last) -> sendBlocks(first, last);
      case SendState.Action.Finished _ -> end(new End.Complete());
      case SendState.Action.GiveUp _ -> end(new End.Failed("no-acknowledgement"));
    }
  }

  private void sendBlocks(long first, long last) {
    long from = (first - 1) * options.blockSize();
    long to = last * options.blockSize();
    long mine = ++turn;
    Future<Void> read = octets.need(from, to);
    if (octets.has(from, to)) {
      writeBlocks(first, last);
      return;
    }
    read.onComplete(
        _ -> {
          if (mine == turn) { // else an acknowledgement has moved the window on meanwhile
            writeBlocks(first, last);
          }
        },
        failure -> {
          UdpSocket open = socket;
          if (open != null) {
            reply(open, client, TftpError.NOT_DEFINED, "cannot read the file");
          }
          end(new End.Failed("unreadable"));
        });
  }

  private void writeBlocks(long first, long last) {
    UdpSocket open = socket;
    if (open == null) {
      return;
    }
    for (long block = first; block <= last; block++) {
      long from = (block - 1) * options.blockSize();
      int length = (int) Math.clamp(file.size() - from, 0, options.blockSize());
      byte[] packet = new byte[TftpCodec.DATA_HEADER + length];
      TftpCodec.dataHeader(block, packet);
      octets.copy(from, packet, TftpCodec.DATA_HEADER, length);
      open.write(packet, client);
    }
    open.flush();
    startWait();
  }

  /** Doubles with each attempt, unless the client asked for a time (RFC 2349). */
  private void startWait() {
    stopWait();
    Duration doubled = FIRST_WAIT.multipliedBy(1L << state.attempts());
    Duration wait =
        options.timeout().orElse(doubled.compareTo(LONGEST_WAIT) < 0 ? doubled : LONGEST_WAIT);
    timer = vertx.setTimer(wait.toMillis(), _ -> act(state.timedOut()));
  }

  private void stopWait() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
      timer = -1;
    }
  }

  private void send(byte[] packet) {
    UdpSocket open = socket;
    if (open != null) {
      open.write(packet, client);
      open.flush();
    }
  }

  private static void reply(
      UdpSocket socket, InetSocketAddress to, TftpError error, String message) {
    socket.write(TftpCodec.encode(new TftpPacket.Error(error, message)), to);
    socket.flush();
  }

  private void end(End how) {
    UdpSocket open = socket;
    if (open == null) {
      return;
    }
    socket = null;
    turn++;
    stopWait();
    open.close();
    ended.complete(how);
  }
}
