package io.mammatus.control.api;

import io.mammatus.control.blobs.BlobFolder;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.platform.work.Blocking;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Files come before the image that names them. Were the image written down without them, nodes
 * would be told to fetch what is nowhere, and the instances would fail there, far from the mistake.
 */
final class ImageFiles {

  private final Vertx vertx;
  private final BlobFolder folder;

  ImageFiles(Vertx vertx, BlobFolder folder) {
    this.vertx = vertx;
    this.folder = folder;
  }

  /**
   * Succeeds if every file is there that the spec names, fails with the problem if one is not. What
   * is no image, or is so already, is not looked at: the same again changes nothing.
   */
  Future<Void> require(Spec wanted, Optional<Resource<?, ?>> old) {
    boolean same = old.filter(resource -> resource.spec().equals(wanted)).isPresent();
    if (same || !(wanted instanceof ImageSpec image)) {
      return Future.succeededFuture();
    }
    return Blocking.call(vertx, () -> problem(image.files()))
        .compose(problem ->
            problem.isEmpty() ? Future.succeededFuture() : Requests.refused(problem.get()));
  }

  private Optional<Problem> problem(Map<String, Blob> files) throws IOException {
    List<Problem.FieldError> missing = new ArrayList<>();
    List<Problem.FieldError> wrong = new ArrayList<>();
    for (Map.Entry<String, Blob> file : new TreeMap<>(files).entrySet()) {
      String field = "spec.files." + file.getKey();
      String digest = file.getValue().sha256();
      if (!folder.has(digest)) {
        missing.add(
            new Problem.FieldError(
                field + ".sha256",
                "there is no file %s: send it first (PUT /v1/blobs/%s), then the image"
                    .formatted(digest, digest)));
      } else {
        long size = Files.size(folder.file(digest));
        if (size != file.getValue().bytes()) {
          wrong.add(
              new Problem.FieldError(field + ".bytes", "the file has %d bytes".formatted(size)));
        }
      }
    }
    if (!missing.isEmpty()) {
      return Optional.of(Problem.missingBlob(missing));
    }
    return wrong.isEmpty() ? Optional.empty() : Optional.of(Problem.fields(wrong));
  }
}
