package io.mammatus.cli.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that answer half, or not at all: nobody waits for them for ever. */
class ApiClientTest {

  @ParameterizedTest
  @Timeout(30)
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"items\":["
      })
  void anAnswerThatStopsIsGivenUp(String begin) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ApiClient client = client(server.getLocalPort())) {
      Thread.ofVirtual().start(() -> answer(server, begin));
      assertThatThrownBy(() -> client.get("/v1/machines"))
          .isInstanceOf(UnreachableException.class)
          .hasMessageContaining("no whole answer in 1 s");
    }
  }

  @Test
  @Timeout(30)
  void aStreamThatFallsSilentIsAskedForAgainWhereItWas() throws Exception {
    String begin =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
            + "event: FlavorCreated\ndata: {\"position\":%d}\n\n";
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ApiClient client = client(server.getLocalPort())) {
      Thread.ofVirtual().start(() -> answer(server, begin.formatted(7)));
      Thread.ofVirtual().start(() -> answer(server, begin.formatted(8)));
      List<Long> heard = new ArrayList<>();
      client.events(
          6,
          event -> {
            heard.add(event.position());
            return heard.size() < 2;
          });
      assertThat(heard).containsExactlyInAnyOrder(7L, 8L);
    }
  }

  @ParameterizedTest
  @Timeout(30)
  @ValueSource(
      strings = {
        "",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: mammatus\n\n",
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
            + "event: FlavorCreated\ndata: {\"position\":7}\n\n"
      })
  void aWatchEndsInTimeWhateverItHears(String begin) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ApiClient client = client(server.getLocalPort())) {
      Thread.ofVirtual().start(() -> answer(server, begin));
      assertThat(client.watch("flavors", Map.of(), 6, Duration.ofMillis(300), event -> true))
          .isFalse();
    }
  }

  /** Says so much and holds the connection until the other end closes it. */
  private static void answer(ServerSocket server, String begin) {
    try (Socket socket = server.accept()) {
      socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
    } catch (IOException e) {
      // the test is over
    }
  }

  private static ApiClient client(int port) throws GeneralSecurityException {
    return new ApiClient(
        new Endpoint(URI.create("http://127.0.0.1:" + port), somePem(), "token"),
        Duration.ofSeconds(1),
        Duration.ofSeconds(1));
  }

  /** Any authority: it is not asked for here. */
  private static String somePem() throws GeneralSecurityException {
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init((KeyStore) null);
    Stream<X509Certificate> known =
        Arrays.stream(((X509TrustManager) trust.getTrustManagers()[0]).getAcceptedIssuers());
    byte[] any = known.findFirst().orElseThrow().getEncoded();
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(any)
        + "\n-----END CERTIFICATE-----\n";
  }
}
