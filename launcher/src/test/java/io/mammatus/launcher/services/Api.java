package io.mammatus.launcher.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mammatus.platform.tls.Believing;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/** An administrator's requests to one control plane. */
final class Api {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI base;
  private final String token;
  private final HttpClient client;

  /**
   * @param authority the PEM file with the CA's certificate
   */
  Api(String base, String token, Path authority) throws IOException, GeneralSecurityException {
    this.base = URI.create(base);
    this.token = token;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .sslContext(trusting(authority))
            .build();
  }

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    String pem = Files.readString(authority);
    String certificate = pem.substring(pem.indexOf("-----BEGIN CERTIFICATE-----"));
    return Believing.only(
        List.of(
            CertificateFactory.getInstance("X.509")
                .generateCertificate(
                    new java.io.ByteArrayInputStream(certificate.getBytes("UTF-8")))));
  }

  HttpResponse<String> send(String method, String path, String body) throws IOException {
    return send(method, path, body, "application/json");
  }

  private HttpResponse<String> send(String method, String path, String body, String type)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(base.resolve(path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", type);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Stores a file under its digest. */
  void blob(String sha256, String content) throws IOException {
    HttpResponse<String> response =
        send("PUT", "/v1/blobs/" + sha256, content, "application/octet-stream");
    if (response.statusCode() / 100 != 2) {
      throw new IOException("PUT a blob: " + response.statusCode() + " " + response.body());
    }
  }

  /** The answer to a request that has to be done. */
  JsonNode done(String method, String path, String body) throws IOException {
    HttpResponse<String> response = send(method, path, body);
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          method + " " + path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  JsonNode get(String path) throws IOException {
    return done("GET", path, "");
  }

  List<JsonNode> list(String kind) throws IOException {
    List<JsonNode> items = new ArrayList<>();
    get("/v1/" + kind).path("items").forEach(items::add);
    return items;
  }

  /** The events of a resource, each as its position and name; what only repeats is left out. */
  List<String> events(String kind, String name) throws IOException {
    List<String> events = new ArrayList<>();
    String after = "";
    do {
      JsonNode page = get("/v1/" + kind + "/" + name + "/why?limit=1000" + after);
      for (JsonNode item : page.path("items")) {
        if (item.path("kind").asText().equals("event")) {
          events.add(item.path("position").asText() + " " + item.path("what").asText());
        }
      }
      after =
          page.has("next")
              ? "&after=" + URLEncoder.encode(page.get("next").asText(), StandardCharsets.UTF_8)
              : "";
    } while (!after.isEmpty());
    return events;
  }
}
