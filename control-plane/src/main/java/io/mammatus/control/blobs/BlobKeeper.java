package io.mammatus.control.blobs;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.platform.work.Blocking;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Removes files that no image names and uploads that ended in the middle, a while after anybody
 * touched them.
 */
public final class BlobKeeper {

  private static final System.Logger LOG = System.getLogger(BlobKeeper.class.getName());
  private static final Duration EVERY = Duration.ofMinutes(10);

  private final Vertx vertx;
  private final CloudView view;
  private final BlobFolder folder;
  private final InstantSource clock;

  public BlobKeeper(Vertx vertx, CloudView view, BlobFolder folder, InstantSource clock) {
    this.vertx = vertx;
    this.view = view;
    this.folder = folder;
    this.clock = clock;
  }

  /** Looks now, and from now on. */
  public void start() {
    look();
    vertx.setPeriodic(EVERY.toMillis(), timer -> look());
  }

  private void look() {
    Set<String> named = named(view.cloud());
    Blocking.call(vertx, () -> sweep(named))
        .onSuccess(gone ->
            gone.forEach(name -> LOG.log(System.Logger.Level.INFO, "removed {0}: unused", name)))
        .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "unused files stay", e));
  }

  private static Set<String> named(Cloud cloud) {
    return cloud.list(Kind.IMAGE).stream()
        .flatMap(image -> ((ImageSpec) image.spec()).files().values().stream())
        .map(Blob::sha256)
        .collect(Collectors.toSet());
  }

  /** Removes what can go; its names. */
  List<String> sweep(Set<String> named) throws IOException {
    if (!Files.isDirectory(folder.path())) {
      return List.of();
    }
    List<String> gone = BlobSweep.removable(files(), named, clock.instant());
    for (String name : gone) {
      Files.deleteIfExists(folder.file(name));
    }
    return gone;
  }

  private List<BlobSweep.Found> files() throws IOException {
    List<BlobSweep.Found> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder.path())) {
      for (Path file : (Iterable<Path>) all::iterator) {
        try {
          BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
          if (attributes.isRegularFile()) {
            found.add(
                new BlobSweep.Found(
                    file.getFileName().toString(), attributes.lastModifiedTime().toInstant()));
          }
        } catch (NoSuchFileException e) {
          continue; // an upload that has just been given its name
        }
      }
    }
    return found;
  }
}
