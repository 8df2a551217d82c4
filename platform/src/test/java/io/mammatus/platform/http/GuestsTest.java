package io.mammatus.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuestsTest {

  private final Vertx vertx = Vertx.vertx();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Queue<HttpServerRequest> waiting = new ConcurrentLinkedQueue<>();

  private int start(Guests.Limits limits) throws Exception {
    Guests guests = new Guests(vertx, limits, (reason, _) -> refused.add(reason));
    return guests
        .server(new HttpServerOptions(), this::answer)
        .listen(0, "127.0.0.1")
        .await(10, TimeUnit.SECONDS)
        .actualPort();
  }

  private void answer(HttpServerRequest request) {
    if ("/wait".equals(request.path())) {
      waiting.add(request);
    } else {
      request.response().end("here").onFailure(_ -> {});
    }
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void aRequestThatNeverEndsIsNotWaitedForHoweverManyOctetsOfItCome() throws Exception {
    int port = start(new Guests.Limits(10, 10, Duration.ofMillis(300)));
    try (Socket socket = connected(port)) {
      say(socket, "GET /");
      Awaitility.await()
          .pollInterval(Duration.ofMillis(20))
          .until(() -> isClosed(socket) || !refused.isEmpty());
    }
    assertThat(refused).containsExactly("slow-request");
  }

  @Test
  void whoWaitsForAnAnswerStays() throws Exception {
    int port = start(new Guests.Limits(10, 10, Duration.ofMillis(100)));
    try (Socket asking = connected(port);
        Socket idle = connected(port)) {
      say(asking, "GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(idle.getInputStream().read()).as("nothing was asked here").isEqualTo(-1);
      waiting.remove().response().end("at last").onFailure(_ -> {});
      assertThat((char) asking.getInputStream().read()).isEqualTo('H');
    }
    assertThat(refused).containsExactly("slow-request");
  }

  @Test
  void oneClientHasSoManyConnectionsAndAllHaveSoMany() throws Exception {
    int port = start(new Guests.Limits(3, 2, Duration.ofSeconds(10)));
    try (Socket first = connected(port);
        Socket second = connected(port);
        Socket third = connected(port)) {
      assertThat(third.getInputStream().read()).isEqualTo(-1);
      assertThat(refused).containsExactly("too-many-of-client");
      first.close();
      Awaitility.await().until(() -> status(port).startsWith("HTTP/1.1 200"));
      try (Socket other = from("127.0.0.2", port);
          Socket another = from("127.0.0.3", port);
          Socket last = from("127.0.0.4", port)) {
        assertThat(last.getInputStream().read()).isEqualTo(-1);
        assertThat(refused).endsWith("too-many-connections");
        say(other, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat((char) other.getInputStream().read()).isEqualTo('H');
        assertThat(second.isConnected() && another.isConnected()).isTrue();
      }
    }
  }

  @Test
  void whatIsNoRequestHasAReason() throws Exception {
    int port = start(new Guests.Limits(10, 10, Duration.ofSeconds(10)));
    assertThat(said(port, "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n\r\n")).contains(" 414 ");
    assertThat(said(port, "GET / HTTP/1.1\r\nA: " + "b".repeat(20_000) + "\r\n\r\n"))
        .contains(" 431 ");
    assertThat(said(port, "HELLO\r\n\r\n")).contains(" 400 ");
    assertThat(refused).containsExactly("line-too-long", "headers-too-long", "bad-request");
  }

  private static Socket connected(int port) throws IOException {
    return from("127.0.0.1", port);
  }

  private static Socket from(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress(address, 0));
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    socket.setSoTimeout(10_000);
    return socket;
  }

  private static void say(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      say(socket, "a");
      return false;
    } catch (SocketException e) {
      return true;
    }
  }

  private static String status(int port) throws IOException {
    return said(port, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  private static String said(int port, String request) throws IOException {
    try (Socket socket = connected(port)) {
      say(socket, request);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (SocketException e) {
      return "reset";
    }
  }
}
