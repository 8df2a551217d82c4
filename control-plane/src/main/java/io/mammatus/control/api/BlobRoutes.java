package io.mammatus.control.api;

import io.mammatus.control.blobs.BlobFolder;
import io.mammatus.platform.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files by digest. One is there whole or not at all, whenever the power fails. */
final class BlobRoutes {

  private static final String NAME = "[0-9a-f]{64}";

  private final Vertx vertx;
  private final BlobFolder folder;

  BlobRoutes(Vertx vertx, BlobFolder folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  Future<Answer> has(RoutingContext context) {
    String digest = digest(context);
    return Blocking.call(vertx, () -> folder.has(digest))
        .map(there -> Answer.empty(there ? 200 : 404));
  }

  /** The request is paused: nothing of it is read before there is a file to put it in. */
  Future<Answer> put(RoutingContext context) {
    String name = digest(context);
    HttpServerRequest request = context.request();
    request.pause();
    Path part = folder.file("." + name + "." + UUID.randomUUID() + ".part");
    return Blocking.call(vertx, () -> prepare(name))
        .compose(wanted -> wanted ? stored(request, folder.file(name), part) : drained(request));
  }

  private static String digest(RoutingContext context) {
    String name = Requests.path(context, "sha256");
    if (!name.matches(NAME)) {
      throw Problem.field("sha256", "not 64 lower-case hexadecimal digits").exception();
    }
    return name;
  }

  /** Whether the content is not there yet. */
  private boolean prepare(String name) throws IOException {
    Files.createDirectories(folder.path());
    return !folder.has(name);
  }

  private static Future<Answer> drained(HttpServerRequest request) {
    request.resume();
    return Future.succeededFuture(Answer.empty(204));
  }

  private Future<Answer> stored(HttpServerRequest request, Path file, Path part) {
    return vertx
        .fileSystem()
        .open(part.toString(), new OpenOptions().setCreateNew(true).setRead(false))
        .compose(opened -> {
          DigestingStream digesting = new DigestingStream(opened);
          return request.pipeTo(digesting).map(v -> digesting.digest());
        })
        .compose(digest -> published(digest, file, part))
        .recover(e ->
            Blocking.run(vertx, () -> Files.deleteIfExists(part))
                .transform(done -> Future.failedFuture(e)));
  }

  private Future<Answer> published(String digest, Path file, Path part) {
    if (!digest.equals(String.valueOf(file.getFileName()))) {
      return Requests.refused(
          Problem.of(
              422,
              "wrong-digest",
              "The content is not what its name says",
              "what came has the digest %s: send the file again".formatted(digest)));
    }
    return Blocking.run(vertx, () -> publish(part, file)).map(Answer.empty(201));
  }

  /** The rename is on disk when the folder is. */
  private void publish(Path part, Path file) throws IOException {
    try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(folder.path(), StandardOpenOption.READ)) {
      directory.force(true);
    }
  }
}
