package io.mammatus.pxe.httpboot;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The node images below one folder, {@code node/VERSION/manifest.json} each. A version is read and
 * verified once; {@link #refresh} finds what was added or taken away since.
 */
public final class NodeImages {

  private final Vertx vertx;
  private final Path folder;
  private final Optional<String> pinned;
  private volatile Known known = new Known(Map.of(), Map.of(), Map.of());

  private record Loaded(NodeImage image, FileTime changed) {}

  /**
   * What was found, by folder name.
   *
   * @param wrong manifests whose files have the right length and the wrong content: that does not
   *     get better by itself, and is not hashed again until the manifest changes
   * @param problems why what was not taken was not
   */
  private record Known(
      Map<String, Loaded> images, Map<String, FileTime> wrong, Map<String, String> problems) {}

  /**
   * @param folder the images' folder, with {@code node} in it; it need not exist yet
   * @param pinned the version to boot; the newest manifest if empty
   */
  public NodeImages(Vertx vertx, Path folder, Optional<String> pinned) {
    this.vertx = vertx;
    this.folder = folder.resolve("node");
    this.pinned = pinned;
  }

  /** Looks at the folder again, off the event loop. */
  public Future<Void> refresh() {
    return vertx
        .executeBlocking(() -> {
          known = scan(known);
          return true;
        })
        .mapEmpty();
  }

  /** What machines boot now. */
  public Optional<NodeImage> current() {
    if (pinned.isPresent()) {
      return byVersion(pinned.get());
    }
    return known.images.values().stream()
        .max((a, b) -> a.changed.compareTo(b.changed))
        .map(Loaded::image);
  }

  public Optional<NodeImage> byVersion(String version) {
    return Optional.ofNullable(known.images.get(version)).map(Loaded::image);
  }

  /** What is in the folder and cannot be served, with the reason. */
  public Map<String, String> problems() {
    return known.problems;
  }

  private Known scan(Known before) throws IOException {
    Known found = new Known(new HashMap<>(), new HashMap<>(), new TreeMap<>());
    if (Files.isDirectory(folder)) {
      try (Stream<Path> versions = Files.list(folder)) {
        for (Path version : versions.toList()) {
          if (Files.isRegularFile(version.resolve(NodeImageManifest.FILE))) {
            look(version, before, found);
          }
        }
      }
    }
    return new Known(Map.copyOf(found.images), Map.copyOf(found.wrong), Map.copyOf(found.problems));
  }

  private static void look(Path version, Known before, Known found) {
    String name = String.valueOf(version.getFileName());
    try {
      FileTime changed = Files.getLastModifiedTime(version.resolve(NodeImageManifest.FILE));
      Loaded old = before.images.get(name);
      if (old != null && old.changed.equals(changed)) {
        found.images.put(name, old);
      } else if (changed.equals(before.wrong.get(name))) {
        found.wrong.put(name, changed);
        found.problems.put(name, String.valueOf(before.problems.get(name)));
      } else {
        load(version, name, changed, found);
      }
    } catch (IOException e) {
      found.problems.put(name, String.valueOf(e.getMessage()));
    }
  }

  private static void load(Path version, String name, FileTime changed, Known found)
      throws IOException {
    NodeImage image = NodeImageManifest.read(version);
    if (!image.version().equals(name)) {
      found.problems.put(name, "its manifest says that it is version " + image.version());
      return;
    }
    Optional<String> wrong = NodeImageManifest.firstWrongFile(image);
    if (wrong.isPresent()) {
      found.wrong.put(name, changed);
      found.problems.put(name, wrong.get() + " does not have the hash that the manifest says");
      return;
    }
    found.images.put(name, new Loaded(image, changed));
  }
}
