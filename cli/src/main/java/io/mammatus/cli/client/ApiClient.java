package io.mammatus.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Talks to one cloud. Paths begin with {@code /v1/}. Methods block, and throw {@link ApiException}
 * if the API refuses, {@link UnreachableException} if nobody answers. Thread-safe.
 */
public final class ApiClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);

  /** A stream of events says every 15 seconds that it lives. */
  private static final Duration SILENCE = Duration.ofSeconds(50);

  /** A century, in which nanoseconds can still be counted. */
  private static final Duration FOR_EVER = Duration.ofDays(36500);

  private final Endpoint endpoint;
  private final HttpClient http;
  private final Duration patience;
  private final Duration silence;

  public ApiClient(Endpoint endpoint) {
    this(endpoint, ANSWER, SILENCE);
  }

  /**
   * @param patience how long a whole answer may take, where the request has no limit of its own
   * @param silence how long a stream of events may say nothing
   */
  ApiClient(Endpoint endpoint, Duration patience, Duration silence) {
    this.endpoint = endpoint;
    this.patience = patience;
    this.silence = silence;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .sslContext(CloudTls.trusting(endpoint.caPem()))
            .build();
  }

  /** One event of the log, as the API sends it. */
  public record LogEvent(long position, String type, JsonNode data) {}

  /** A resource, or whatever is at the path. */
  public JsonNode get(String path) {
    return send("GET", path, BodyPublishers.noBody(), Map.of());
  }

  /**
   * Every resource of a kind, page by page.
   *
   * @param plural such as {@code machines}
   * @param query further parameters such as {@code phase}
   */
  public List<JsonNode> list(String plural, Map<String, String> query) {
    return listing(plural, query).items();
  }

  /**
   * All of a kind, and where in the log the first page was.
   *
   * @param position watch from here
   */
  public record Listing(List<JsonNode> items, long position) {}

  /** The same, with the position from which to watch. */
  public Listing listing(String plural, Map<String, String> query) {
    List<JsonNode> items = new ArrayList<>();
    StringBuilder base = new StringBuilder("/v1/" + plural + "?limit=500");
    query.forEach((key, value) -> base.append('&').append(key).append('=').append(encode(value)));
    String after = "";
    long position = -1;
    do {
      JsonNode page = get(base + after);
      page.path("items").forEach(items::add);
      position = position < 0 ? page.path("position").asLong() : position;
      after = page.has("next") ? "&after=" + encode(page.get("next").asText()) : "";
    } while (!after.isEmpty());
    return new Listing(items, position);
  }

  /** Lets a resource be so; {@code body} has metadata (labels) and spec. */
  public JsonNode put(String path, JsonNode body) {
    return put(path, body, Map.of());
  }

  /** The same with headers such as If-Match or If-None-Match. */
  public JsonNode put(String path, JsonNode body, Map<String, String> headers) {
    return send("PUT", path, json(body), with(headers, "application/json"));
  }

  /** Changes what the merge patch (RFC 7396) names. */
  public JsonNode patch(String path, JsonNode body) {
    return send("PATCH", path, json(body), with(Map.of(), "application/merge-patch+json"));
  }

  /** An action such as {@code /v1/machines/NAME/accept}. */
  public JsonNode post(String path, JsonNode body) {
    return send("POST", path, json(body), with(Map.of(), "application/json"));
  }

  /**
   * Lets it be gone; answers with the resource while it is being deleted, else with null's node.
   */
  public JsonNode delete(String path) {
    return send("DELETE", path, BodyPublishers.noBody(), Map.of());
  }

  /**
   * What happened to a resource, oldest first, page by page.
   *
   * @param id asks by it instead of the name, also for one that is gone
   * @param item told one after the other, so that a long story need not be in memory
   */
  public void why(String plural, String name, @Nullable String id, Consumer<JsonNode> item) {
    pages(
        "/v1/%s/%s/why?limit=500%s"
            .formatted(plural, segment(name), id == null ? "" : "&id=" + encode(id)),
        item);
  }

  /**
   * The items of a list, page by page.
   *
   * @param path with a query that says how many a page has
   * @param item told one after the other
   */
  public void pages(String path, Consumer<JsonNode> item) {
    String after = "";
    do {
      JsonNode page = get(path + after);
      page.path("items").forEach(item);
      after = page.has("next") ? "&after=" + encode(page.get("next").asText()) : "";
    } while (!after.isEmpty());
  }

  /** Whether the cloud has this content. */
  public boolean hasBlob(String sha256) {
    try {
      send("HEAD", "/v1/blobs/" + sha256, BodyPublishers.noBody(), Map.of());
      return true;
    } catch (ApiException e) {
      if (e.status() == 404) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Stores a file under its digest, unless it is there already.
   *
   * @param progress told how many bytes were sent so far
   */
  public void upload(Path file, String sha256, LongConsumer progress) throws IOException {
    if (!hasBlob(sha256)) {
      send(
          request("/v1/blobs/" + sha256)
              .timeout(Duration.ofHours(6))
              .header("Content-Type", "application/octet-stream")
              .method("PUT", new CountingPublisher(BodyPublishers.ofFile(file), progress)));
    }
  }

  /**
   * Follows the log, and comes again where it was when the connection breaks; returns when {@code
   * consumer} says false.
   *
   * @param after the position after which to begin
   */
  public void events(long after, Predicate<LogEvent> consumer) {
    follow("/v1/events", after, FOR_EVER, consumer);
  }

  /** Follows what concerns one kind; each event's data has the resource as it is then. */
  public void watch(
      String plural, Map<String, String> query, long after, Predicate<LogEvent> consumer) {
    watch(plural, query, after, FOR_EVER, consumer);
  }

  /**
   * The same for so long at most, whether anything happens or not.
   *
   * @return whether {@code consumer} had enough; false if the time is over
   */
  public boolean watch(
      String plural,
      Map<String, String> query,
      long after,
      Duration limit,
      Predicate<LogEvent> consumer) {
    StringBuilder path = new StringBuilder("/v1/" + plural + "?watch=true");
    query.forEach((key, value) -> path.append('&').append(key).append('=').append(encode(value)));
    return follow(path.toString(), after, limit, consumer);
  }

  private boolean follow(String path, long after, Duration limit, Predicate<LogEvent> consumer) {
    long end = System.nanoTime() + limit.toNanos();
    EventReader reader = new EventReader(after, consumer);
    while (!reader.isDone()) {
      Duration left = Duration.ofNanos(end - System.nanoTime());
      if (!left.isPositive()) {
        return false;
      }
      HttpRequest.Builder request =
          request(path)
              .timeout(left.compareTo(patience) < 0 ? left : patience)
              .header("Accept", "text/event-stream")
              .header("Last-Event-ID", Long.toString(reader.position()));
      try {
        HttpResponse<InputStream> response =
            http.send(request.GET().build(), BodyHandlers.ofInputStream());
        try (InputStream body = new LiveStream(response.body(), silence, end)) {
          if (response.statusCode() != 200) {
            throw refused(response.statusCode(), body.readAllBytes());
          }
          reader.read(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
        }
      } catch (IOException e) {
        if (end - System.nanoTime() > 0) {
          reader.lost(endpoint.address(), e);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  private JsonNode send(
      String method, String path, BodyPublisher body, Map<String, String> headers) {
    HttpRequest.Builder request = request(path).method(method, body);
    headers.forEach(request::header);
    return send(request);
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(endpoint.address().resolve(path))
        .header("Authorization", "Bearer " + endpoint.token());
  }

  private JsonNode send(HttpRequest.Builder request) {
    HttpRequest built = request.build();
    Duration limit = built.timeout().orElse(patience);
    // The request's own limit ends with the headers of the answer; this one covers the body, too.
    CompletableFuture<HttpResponse<byte[]>> answer =
        http.sendAsync(built, BodyHandlers.ofByteArray());
    try {
      HttpResponse<byte[]> response = answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() >= 300) {
        throw refused(response.statusCode(), response.body());
      }
      return response.body().length == 0
          ? JsonNodeFactory.instance.nullNode()
          : JSON.readTree(response.body());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      IOException told = cause instanceof IOException io ? io : new IOException(cause);
      throw new UnreachableException(endpoint.address(), why(told), told);
    } catch (IOException e) {
      throw new UnreachableException(endpoint.address(), why(e), e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new UnreachableException(
          endpoint.address(), "no whole answer in " + limit.toSeconds() + " s", e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new UnreachableException(endpoint.address(), "interrupted", e);
    }
  }

  private static ApiException refused(int status, byte[] body) throws IOException {
    JsonNode problem = JsonNodeFactory.instance.objectNode();
    if (body.length > 0 && body[0] == '{') {
      problem = JSON.readTree(body);
    }
    return new ApiException(status, problem);
  }

  static String why(IOException e) {
    if (e instanceof ConnectException) {
      return "nobody listens there; is the control plane running?";
    } else if (e instanceof SSLException) {
      return "it is not the cloud you logged in to (" + e.getMessage() + ")";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static BodyPublisher json(JsonNode body) {
    return BodyPublishers.ofString(body.toString());
  }

  private static Map<String, String> with(Map<String, String> headers, String mediaType) {
    Map<String, String> all = new java.util.HashMap<>(headers);
    all.put("Content-Type", mediaType);
    return all;
  }

  /** A name as one segment of a path; RFC 3986, section 3.3. */
  public static String segment(String name) {
    return encode(name).replace("+", "%20");
  }

  private static String encode(@Nullable String text) {
    return URLEncoder.encode(text == null ? "" : text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
