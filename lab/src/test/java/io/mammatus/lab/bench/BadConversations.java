package io.mammatus.lab.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** What no honest client says over TCP, to the servers of HTTP, of TLS, of metadata and of DNS. */
final class BadConversations implements AutoCloseable {

  private static final int AT_ONCE = 64;
  private static final int HELD_OPEN = 40;
  private static final int PATIENCE_MILLIS = 3_000;
  private static final InetSocketAddress HTTP =
      new InetSocketAddress(FloodNet.SERVER, BenchCloud.HTTP_PORT);
  private static final InetSocketAddress HTTPS =
      new InetSocketAddress(FloodNet.SERVER, BenchCloud.HTTPS_PORT);
  private static final InetSocketAddress METADATA = new InetSocketAddress("169.254.169.254", 80);
  private static final InetSocketAddress DNS = new InetSocketAddress(FloodNet.SERVER, 53);

  /**
   * One kind.
   *
   * @param reason what the server's metric calls it, or {@link BadPackets#ANY}
   */
  record Kind(String name, InetSocketAddress to, String reason, byte[] octets) {}

  private static final List<Kind> KINDS = new ArrayList<>();

  static {
    http("line-of-noise", "bad-request", "\u0001\u0002\u0003 \u0000\u00ff\r\n\r\n");
    http("no-line", "bad-request", "\r\nHELLO\r\n\r\n");
    http("version", "bad-request", "GET / HTTP/9.x\r\n\r\n");
    http("long-line", "line-too-long", "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n\r\n");
    http(
        "giant-header",
        "headers-too-long",
        "GET / HTTP/1.1\r\nHost: x\r\nA: " + "b".repeat(60_000) + "\r\n\r\n");
    http(
        "many-headers",
        "headers-too-long",
        "GET / HTTP/1.1\r\nHost: x\r\n" + "A: b\r\n".repeat(9_000) + "\r\n");
    http(
        "two-lengths",
        BadPackets.ANY,
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n");
    http(
        "chunks",
        BadPackets.ANY,
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n");
    http("traversal", "no-such-file", get("/images/node/../../../etc/passwd", ""));
    http("encoded", "no-such-file", get("/v1/loaders/%2e%2e%2fsecret%00", ""));
    http("odd-target", "no-such-file", get("http://[::bad/%zz?%%&=", ""));
    http("method", "method", "FROB /v1/boot/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    http("made-up-method", BadPackets.ANY, "%s / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    http("range-beyond", "range", get("/v1/loaders/five.bin", "Range: bytes=99999999999-\r\n"));
    http(
        "ranges",
        BadPackets.ANY,
        get("/v1/loaders/five.bin", "Range: bytes=" + "0-0,".repeat(1000) + "9-1\r\n"));
    http("half", BadPackets.ANY, "GET /v1/loaders/five.bin HTTP/1.1\r\nHos");
    https("plain", get("/v1/loaders/five.bin", ""));
    https("noise", "\u0016\u0003\u0001\u00ff\u00ff" + "\u00fe".repeat(3000));
    https("no-record", "\u0015\u0003\u0001\u0000\u0000");
    https("old-hello", "\u0016\u0003\u0000\u0000\u0004\u0001\u0000\u0000\u0000");
    https("half", "\u0016\u0003\u0001\u0002\u0000\u0001");
    dns("slow-noise", "oversized", "\u00ff\u00ff\u0001");
    dns("no-question", "short", "\u0000\u0003abc");
    dns("half-question", BadPackets.ANY, "\u0000\u0020abc");
  }

  private final Consumer<String> sent;
  private final BooleanSupplier over;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore places = new Semaphore(AT_ONCE);
  private int number;

  BadConversations(Consumer<String> sent, BooleanSupplier over) {
    this.sent = sent;
    this.over = over;
  }

  static List<Kind> all() {
    return List.copyOf(KINDS);
  }

  private static void http(String name, String reason, String text) {
    KINDS.add(new Kind("http-" + name, HTTP, reason, latin(text)));
    KINDS.add(new Kind("metadata-" + name, METADATA, BadPackets.ANY, latin(text)));
  }

  private static void https(String name, String text) {
    KINDS.add(new Kind("https-" + name, HTTPS, "no-handshake", latin(text)));
  }

  private static void dns(String name, String reason, String text) {
    KINDS.add(new Kind("dns-tcp-" + name, DNS, reason, latin(text)));
  }

  private static String get(String target, String header) {
    return "GET " + target + " HTTP/1.1\r\nHost: x\r\n" + header + "Connection: close\r\n\r\n";
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Has the next one, unless as many as may go on at once do already. */
  void next() {
    int turn = number++;
    if (places.tryAcquire()) {
      threads.execute(() -> {
        try {
          converse(KINDS.get(turn % KINDS.size()), turn);
        } finally {
          places.release();
        }
      });
    }
  }

  private void converse(Kind kind, int turn) {
    try (Socket socket = connected(kind.to, turn)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      byte[] octets =
          kind.name.endsWith("made-up-method")
              ? latin(new String(kind.octets, StandardCharsets.ISO_8859_1).formatted("M" + turn))
              : kind.octets;
      socket.getOutputStream().write(octets);
      sent.accept(kind.name);
      long read = socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      if (read == 0 && !kind.reason.isEmpty()) {
        sent.accept("closed-in-silence");
      }
    } catch (IOException e) {
      sent.accept("broken-off"); // reset, or silence: what it is counted as is the server's to say
    }
  }

  private static Socket connected(InetSocketAddress to, int turn) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(InetAddress.getByName(FloodNet.hostileAddress(turn)), 0));
    socket.connect(to, PATIENCE_MILLIS);
    return socket;
  }

  /** Slowly, octet by octet, a request that never ends: each on a thread, until it is closed. */
  List<Thread> holdOpen() {
    List<Thread> holding = new ArrayList<>();
    for (int i = 0; i < HELD_OPEN; i++) {
      InetSocketAddress to = i % 2 == 0 ? HTTP : METADATA;
      int turn = i;
      holding.add(Thread.ofVirtual().start(() -> dribble(to, turn)));
    }
    return holding;
  }

  private void dribble(InetSocketAddress to, int turn) {
    while (!over.getAsBoolean()) {
      try (Socket socket = connected(to, turn)) {
        sent.accept(to.equals(HTTP) ? "http-slow" : "metadata-slow");
        socket.getOutputStream().write(latin("GET /"));
        while (!over.getAsBoolean()) {
          TimeUnit.MILLISECONDS.sleep(Duration.ofMillis(700).toMillis());
          socket.getOutputStream().write('a');
        }
      } catch (IOException e) {
        sent.accept(to.equals(HTTP) ? "http-slow-closed" : "metadata-slow-closed");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  @Override
  public void close() {
    threads.close();
  }
}
