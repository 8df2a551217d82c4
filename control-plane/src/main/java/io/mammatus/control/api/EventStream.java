package io.mammatus.control.api;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.LogEntry;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One reader of the log over Server-Sent Events (WHATWG HTML, section 9.2). While the reader keeps
 * up, what the view is told goes straight out; after a pause it is read from the log again, so that
 * nothing is kept for a slow reader but its position. One that takes nothing for {@link
 * Limits#patience} is cut off, with the reason as last event; so is one whose token was replaced.
 */
final class EventStream implements CloudView.Listener {

  private static final int BATCH = 200;

  /** How long a reader may take nothing, and how often a quiet stream says that it lives. */
  record Limits(Duration patience, Duration heartbeat, int queueBytes) {
    static final Limits USUAL =
        new Limits(Duration.ofSeconds(30), Duration.ofSeconds(15), 256 * 1024);
  }

  /** What a reader is sent of an entry. */
  interface Form {
    /** The data line; empty if the entry is of no interest to the reader. */
    Optional<String> data(LogEntry entry, Cloud now);
  }

  /**
   * Who reads.
   *
   * @param after the position it has
   * @param allowed whether it still may; fails if that cannot be told at the moment
   */
  record Reader(
      HttpServerResponse response, long after, Form form, Supplier<Future<Boolean>> allowed) {}

  private final Vertx vertx;
  private final CloudView view;
  private final EventLog log;
  private final HttpServerResponse response;
  private final Form form;
  private final Supplier<Future<Boolean>> allowed;
  private final Limits limits;
  private final Context context;

  // On the context only.
  private long position;
  private boolean busy;
  private boolean behind = true;
  private boolean ended;
  private long heartbeat;
  private long cutOff = -1;

  EventStream(Vertx vertx, CloudView view, EventLog log, Reader reader, Limits limits) {
    this.vertx = vertx;
    this.view = view;
    this.log = log;
    this.response = reader.response();
    this.position = reader.after();
    this.form = reader.form();
    this.allowed = reader.allowed();
    this.limits = limits;
    this.context = vertx.getOrCreateContext();
  }

  void start() {
    response
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .setChunked(true)
        .setWriteQueueMaxSize(limits.queueBytes());
    response.closeHandler(gone -> end());
    response.exceptionHandler(e -> end());
    write(": mammatus\n\n");
    heartbeat = vertx.setPeriodic(limits.heartbeat().toMillis(), tick -> beat());
    view.listen(this);
    readOn();
  }

  /** Says that it lives, unless the reader's token was replaced meanwhile. */
  private void beat() {
    if (!response.writeQueueFull()) {
      write(":\n\n");
    }
    allowed
        .get()
        .onSuccess(still -> {
          if (!still) {
            context.runOnContext(
                v -> cutOff("this token is not valid any more: log in again (mammatus login)"));
          }
        })
        .onFailure(e -> Log.debug("a reader's token could not be checked: it reads on", e));
  }

  @Override
  public void changed(Cloud before, Cloud after, List<LogEntry> entries) {
    context.runOnContext(v -> fresh(after, entries));
  }

  private void fresh(Cloud now, List<LogEntry> entries) {
    boolean next = entries.getFirst().position() <= position + 1;
    if (busy || behind || ended || !next || response.writeQueueFull()) {
      behind = true;
      readOn();
      return;
    }
    send(entries, now);
    readOn();
  }

  /** Reads from the log whatever the reader has not had, as fast as it takes it. */
  private void readOn() {
    if (busy || ended || (!behind && !response.writeQueueFull())) {
      return;
    }
    busy = true;
    if (response.writeQueueFull()) {
      awaitDrain();
      return;
    }
    long from = position;
    log.read(from, BATCH)
        .onSuccess(entries -> {
          busy = false;
          send(entries, view.cloud());
          behind = entries.size() == BATCH || view.cloud().position() > position;
          if (!entries.isEmpty() || !behind) {
            readOn();
          } else {
            again();
          }
        })
        .onFailure(e -> {
          busy = false;
          again();
        });
  }

  /** The database is away: the reader keeps its connection and its place. */
  private void again() {
    vertx.setTimer(500, tick -> readOn());
  }

  private void awaitDrain() {
    cutOff =
        vertx.setTimer(
            limits.patience().toMillis(),
            tick -> cutOff("you read too slowly: come again with Last-Event-ID: " + position));
    response.drainHandler(v -> {
      vertx.cancelTimer(cutOff);
      busy = false;
      behind = true;
      readOn();
    });
  }

  private void cutOff(String reason) {
    if (!ended) {
      write("event: cut-off\ndata: {\"reason\":\"" + reason + "\"}\n\n");
      end();
      // CANCEL (RFC 9113, section 7); over HTTP/1.1 it closes the connection
      response.reset(0x8).onFailure(e -> Log.debug("a reader of events is gone", e));
    }
  }

  private void send(List<LogEntry> entries, Cloud now) {
    StringBuilder text = new StringBuilder();
    for (LogEntry entry : entries) {
      if (entry.position() > position) {
        position = entry.position();
        form.data(entry, now)
            .ifPresent(data ->
                text.append("id: ")
                    .append(entry.position())
                    .append("\nevent: ")
                    .append(entry.event().getClass().getSimpleName())
                    .append("\ndata: ")
                    .append(data)
                    .append("\n\n"));
      }
    }
    if (!text.isEmpty()) {
      write(text.toString());
    }
  }

  private void write(String text) {
    if (!ended && !response.closed()) {
      response.write(text).onFailure(e -> Log.debug("a reader of events is gone", e));
    }
  }

  private void end() {
    if (!ended) {
      ended = true;
      view.forget(this);
      vertx.cancelTimer(heartbeat);
      vertx.cancelTimer(cutOff);
    }
  }
}
