package io.mammatus.pxe.dns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One question to one upstream: by UDP from a socket of its own, and again by TCP if the answer
 * does not fit (RFC 7766, section 5). Executes what {@link UpstreamQuery} says, on the event loop
 * that begins it.
 */
final class UpstreamExchange {

  /** A resolver that has to look for the answer itself takes a second now and then. */
  static final Duration UDP_WAIT = Duration.ofMillis(1500);

  static final Duration TCP_WAIT = Duration.ofMillis(2500);

  private final Vertx vertx;
  private final NetClient tcp;
  private final UpstreamQuery query;
  private final Upstream upstream;
  private final Duration patience;
  private final Promise<DnsReply> answered = Promise.promise();
  private @Nullable DnsSocket udpSocket;
  private @Nullable NetSocket tcpSocket;
  private Buffer received = Buffer.buffer();
  private long timer = -1;
  private boolean byTcp;
  private boolean ended;

  /** Why an upstream gave no answer, in one of a few words, fit for a counter's label. */
  static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Kind kind;

    /** What it says about the upstream. */
    enum Kind {
      /** It is slow, or away. */
      SILENT,
      UNREACHABLE,
      /** It is there: it said something that is no answer. */
      ANSWERED,
      /** It is there, and did not know what OPT is. */
      NO_EDNS
    }

    NoAnswer(String reason, Kind kind) {
      super(reason, null, false, false);
      this.kind = kind;
    }

    static NoAnswer of(Throwable failure) {
      return failure instanceof NoAnswer why ? why : new NoAnswer("internal", Kind.ANSWERED);
    }

    Kind kind() {
      return kind;
    }
  }

  private UpstreamExchange(
      Vertx vertx, NetClient tcp, UpstreamQuery query, Upstream upstream, Duration patience) {
    this.vertx = vertx;
    this.tcp = tcp;
    this.query = query;
    this.upstream = upstream;
    this.patience = patience;
  }

  /**
   * Fails with {@link NoAnswer}, and with nothing else.
   *
   * @param patience how long to wait for an answer by UDP
   */
  static Future<DnsReply> run(
      Vertx vertx, NetClient tcp, UpstreamQuery query, Upstream upstream, Duration patience) {
    UpstreamExchange exchange = new UpstreamExchange(vertx, tcp, query, upstream, patience);
    exchange.udp();
    return exchange.answered.future();
  }

  private void udp() {
    wait(patience);
    DnsSocket.connect(vertx, upstream, this::datagram, _ -> unreachableByUdp())
        .onComplete(
            opened -> {
              if (ended) {
                opened.close();
              } else {
                udpSocket = opened;
                opened.send(query.encode());
              }
            },
            _ -> unreachableByUdp());
  }

  private void unreachableByUdp() {
    if (!byTcp) {
      fail("upstream-unreachable", NoAnswer.Kind.UNREACHABLE);
    }
  }

  private void datagram(byte[] packet, InetSocketAddress sender) {
    if (!byTcp) {
      received(query.outcome(packet, false));
    }
  }

  private void received(UpstreamQuery.Outcome outcome) {
    switch (outcome) {
      case UpstreamQuery.Outcome.Answer(DnsReply reply) -> {
        if (end()) {
          answered.complete(reply);
        }
      }
      case UpstreamQuery.Outcome.Failed(String reason) -> fail(reason);
      case UpstreamQuery.Outcome.WithoutEdns _ ->
          fail("upstream-without-edns", NoAnswer.Kind.NO_EDNS);
      case UpstreamQuery.Outcome.ByTcp _ -> askByTcp();
      case UpstreamQuery.Outcome.Stray _ -> {
        if (byTcp) {
          fail("upstream-malformed"); // nobody else can have sent it
        }
      }
    }
  }

  private void askByTcp() {
    byTcp = true;
    wait(TCP_WAIT);
    tcp.connect(upstream.port(), upstream.address().toString())
        .onComplete(
            opened -> {
              if (ended) {
                opened.close().onFailure(_ -> {});
                return;
              }
              tcpSocket = opened;
              opened.handler(this::chunk);
              opened.closeHandler(_ -> fail("upstream-closed"));
              byte[] packet = query.encode();
              opened
                  .write(Buffer.buffer().appendUnsignedShort(packet.length).appendBytes(packet))
                  .onFailure(_ -> fail("upstream-closed"));
            },
            _ -> fail("upstream-unreachable"));
  }

  private void chunk(Buffer chunk) {
    received.appendBuffer(chunk);
    if (received.length() < 2) {
      return;
    }
    int length = received.getUnsignedShort(0);
    if (received.length() >= 2 + length) {
      received(query.outcome(received.getBytes(2, 2 + length), true));
    }
  }

  private void wait(Duration time) {
    vertx.cancelTimer(timer);
    timer =
        vertx.setTimer(
            time.toMillis(),
            _ -> fail("upstream-silent", byTcp ? NoAnswer.Kind.ANSWERED : NoAnswer.Kind.SILENT));
  }

  /** It is there all the same: it said so by UDP. */
  private void fail(String reason) {
    fail(reason, NoAnswer.Kind.ANSWERED);
  }

  private void fail(String reason, NoAnswer.Kind kind) {
    if (end()) {
      answered.fail(new NoAnswer(reason, kind));
    }
  }

  private boolean end() {
    if (ended) {
      return false;
    }
    ended = true;
    vertx.cancelTimer(timer);
    DnsSocket datagrams = udpSocket;
    if (datagrams != null) {
      datagrams.close();
    }
    NetSocket stream = tcpSocket;
    if (stream != null) {
      stream.close().onFailure(_ -> {});
    }
    return true;
  }
}
