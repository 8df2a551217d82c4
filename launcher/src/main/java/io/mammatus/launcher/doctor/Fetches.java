package io.mammatus.launcher.doctor;

import io.mammatus.core.net.Ipv4;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.apache.commons.net.tftp.TFTP;
import org.apache.commons.net.tftp.TFTPClient;

/** Fetches as a machine does, with clients that know nothing of the server: blocking. */
final class Fetches {

  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int TRIES = 2;

  private Fetches() {}

  /** By RFC 1350, without options. */
  static byte[] tftp(Ipv4 server, String file) throws IOException {
    TFTPClient client = new TFTPClient();
    client.setDefaultTimeout(LIMIT);
    client.setMaxTimeouts(TRIES);
    client.open();
    try {
      ByteArrayOutputStream content = new ByteArrayOutputStream();
      client.receiveFile(file, TFTP.BINARY_MODE, content, server.toString());
      return content.toByteArray();
    } finally {
      client.close();
    }
  }

  /** The status and the content of an answer. */
  record Answer(int status, byte[] content, long length) {}

  static Answer http(String method, Ipv4 server, int port, String path) throws IOException {
    try (HttpClient client = HttpClient.newBuilder().connectTimeout(LIMIT).build()) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://" + server + ":" + port + path))
                  .method(method, HttpRequest.BodyPublishers.noBody())
                  .timeout(LIMIT.multipliedBy(TRIES))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(),
          response.body(),
          response.headers().firstValueAsLong("Content-Length").orElse(-1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
