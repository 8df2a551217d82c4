package io.mammatus.pxe.httpboot;

import io.mammatus.pxe.trace.BootProgress.Stage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Answers requests for files that were found. Thread-safe. */
final class FileResponder {

  /** What is shorter goes at once: it is over before waiting would be worth it. */
  private static final long SMALL = 8 << 20;

  private final Vertx vertx;
  private final Transfers transfers;
  private final Admission admission;
  private final OpenFiles files;

  /** A file that is there, and what is said of it. */
  record Found(
      Path path,
      long bytes,
      String key,
      Optional<Instant> modified,
      String caching,
      String step,
      String name) {}

  FileResponder(Vertx vertx, Transfers transfers, Admission admission, OpenFiles files) {
    this.vertx = vertx;
    this.files = files;
    this.transfers = transfers;
    this.admission = admission;
  }

  void respond(HttpServerRequest request, Found found) {
    FileAnswer.File file = new FileAnswer.File(found.bytes, '"' + found.key + '"', found.modified);
    HttpServerResponse response =
        request
            .response()
            .putHeader("Cache-Control", found.caching)
            .putHeader("ETag", file.etag())
            .putHeader("Accept-Ranges", "bytes");
    found.modified.ifPresent(
        modified -> response.putHeader("Last-Modified", FileAnswer.date(modified)));
    switch (FileAnswer.decide(asked(request), file)) {
      case FileAnswer.NotModified _ -> response.setStatusCode(304).end().onFailure(_ -> {});
      case FileAnswer.PreconditionFailed _ -> {
        transfers.refused("precondition");
        Problem.send(request, 412, "Precondition Failed", "the file is another one");
      }
      case FileAnswer.Unsatisfiable _ -> {
        transfers.refused("range");
        response.putHeader("Content-Range", "bytes */" + found.bytes);
        Problem.send(request, 416, "Range Not Satisfiable", "the file is not that long");
      }
      case FileAnswer.Whole _ -> content(request, found, 0, found.bytes);
      case FileAnswer.Part(long first, long last) -> {
        response
            .setStatusCode(206)
            .putHeader("Content-Range", "bytes " + first + "-" + last + "/" + found.bytes);
        content(request, found, first, last - first + 1);
      }
    }
  }

  private static FileAnswer.Asked asked(HttpServerRequest request) {
    return new FileAnswer.Asked(
        request.method().equals(HttpMethod.GET),
        header(request, "Range"),
        header(request, "If-Range"),
        list(request, "If-Match"),
        list(request, "If-None-Match"),
        header(request, "If-Modified-Since"),
        header(request, "If-Unmodified-Since"));
  }

  private static Optional<String> header(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** A list may come in several lines (RFC 9110, section 5.3). */
  private static Optional<String> list(HttpServerRequest request, String name) {
    List<String> lines = request.headers().getAll(name);
    return lines.isEmpty() ? Optional.empty() : Optional.of(String.join(",", lines));
  }

  private void content(HttpServerRequest request, Found found, long offset, long length) {
    HttpServerResponse response =
        request
            .response()
            .putHeader("Content-Type", "application/octet-stream")
            .putHeader("Content-Length", String.valueOf(length));
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end().onFailure(_ -> {});
      return;
    }
    Transfers.Transfer transfer = transfers.begin(request, found.step, found.name);
    files
        .hold(found.path, found.key)
        .onComplete(
            file -> {
              FileSender sender = new FileSender(vertx, request, file, offset, length);
              FileTransfer sending = new FileTransfer(vertx, sender, transfer, offset, length);
              if (length <= SMALL) {
                sending.begin();
              } else {
                String client = request.remoteAddress().hostAddress();
                sending.begin(admission, found.path.toString(), client);
              }
            },
            _ -> {
              response.headers().remove("Content-Length").remove("Content-Range");
              transfer.report(Stage.FAILED, 0);
              Problem.send(request, 500, "Internal Server Error", "the file cannot be read");
            });
  }
}
