package io.mammatus.platform.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The connections of an HTTP server that anybody can reach: so many in all, so many of each
 * address, none that does not come to the end of a request in time (however many octets of it there
 * are), and a reason for each that is refused. Thread-safe: connections live on several event
 * loops.
 */
public final class Guests {

  private final Vertx vertx;
  private final Limits limits;
  private final BiConsumer<String, String> refused;
  private final Map<HttpConnection, Guest> guests = new ConcurrentHashMap<>();
  // Guarded by this.
  private final Map<String, Integer> perClient = new HashMap<>();
  private int connections;

  /**
   * What they may have.
   *
   * @param perClient connections of one address
   * @param patience how long a request may take to come, from the connection's or the last answer's
   *     end on; also how long a connection without one stays
   */
  public record Limits(int connections, int perClient, Duration patience) {}

  /**
   * @param refused hears why, in one of a few words, and whom: on an event loop
   */
  public Guests(Vertx vertx, Limits limits, BiConsumer<String, String> refused) {
    this.vertx = vertx;
    this.limits = limits;
    this.refused = refused;
  }

  /**
   * A server that answers only who keeps to the limits, by HTTP/1 alone: where it might be HTTP/2,
   * Vert.x tells of a connection only once something was said. Several servers may share them.
   */
  public HttpServer server(HttpServerOptions options, Handler<HttpServerRequest> handler) {
    return vertx
        .createHttpServer(new HttpServerOptions(options).setHttp2ClearTextEnabled(false))
        .connectionHandler(this::connected)
        .invalidRequestHandler(this::invalid)
        .requestHandler(request -> {
          Guest guest = guests.get(request.connection());
          if (guest != null) {
            guest.begin(request);
            handler.handle(request);
          }
        });
  }

  /** How many there are now. */
  public synchronized int connections() {
    return connections;
  }

  private void connected(HttpConnection connection) {
    String client = connection.remoteAddress().hostAddress();
    String full = enter(client);
    connection.closeHandler(_ -> {
      Guest gone = guests.remove(connection);
      if (gone != null) {
        vertx.cancelTimer(gone.timer);
      }
      leave(client);
    });
    if (!full.isEmpty()) {
      refused.accept(full, client);
      connection.close().onFailure(_ -> {}); // gone already
      return;
    }
    Guest guest = new Guest(connection, client);
    guests.put(connection, guest);
    guest.watch(limits.patience);
  }

  /** Counts it in any case; the reason if it is one too many. */
  private synchronized String enter(String client) {
    connections++;
    int ofClient = perClient.merge(client, 1, Integer::sum);
    return connections > limits.connections
        ? "too-many-connections"
        : ofClient > limits.perClient ? "too-many-of-client" : "";
  }

  private synchronized void leave(String client) {
    connections--;
    perClient.computeIfPresent(client, (_, n) -> n > 1 ? n - 1 : null);
  }

  private void invalid(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    String reason =
        switch (cause) {
          case TooLongHttpLineException _ -> "line-too-long";
          case TooLongHttpHeaderException _ -> "headers-too-long";
          default -> "bad-request";
        };
    refused.accept(reason, request.remoteAddress().hostAddress());
    HttpServerRequest.DEFAULT_INVALID_REQUEST_HANDLER.handle(request);
  }

  /** One connection, on its event loop. */
  private final class Guest {
    private final HttpConnection connection;
    private final String client;
    private int underWay;
    private long since = System.nanoTime();
    private long timer = -1;

    Guest(HttpConnection connection, String client) {
      this.connection = connection;
      this.client = client;
    }

    void begin(HttpServerRequest request) {
      underWay++;
      request
          .response()
          .endHandler(_ -> {
            underWay--;
            since = System.nanoTime();
          });
    }

    void watch(Duration wait) {
      timer = vertx.setTimer(Math.max(1, wait.toMillis()), _ -> look());
    }

    private void look() {
      Duration left =
          underWay > 0 ? limits.patience : limits.patience.minusNanos(System.nanoTime() - since);
      if (left.isPositive()) {
        watch(left);
      } else {
        refused.accept("slow-request", client);
        connection.close().onFailure(_ -> {}); // gone already
      }
    }
  }
}
