package io.mammatus.control.blobs;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Decides which files nobody needs. */
final class BlobSweep {

  /** An upload that goes on is written to; what rests this long was left by a dead process. */
  static final Duration PART_KEPT = Duration.ofHours(1);

  /** Files come before the image that names them. */
  static final Duration UNNAMED_KEPT = Duration.ofHours(24);

  private static final String PART_END = ".part";

  private BlobSweep() {}

  /**
   * A file in the folder.
   *
   * @param name its digest, or the name of an upload
   * @param touched when it was last written or asked for
   */
  record Found(String name, Instant touched) {}

  /**
   * The names of those that can go.
   *
   * @param named the digests that images name
   */
  static List<String> removable(List<Found> files, Set<String> named, Instant now) {
    return files.stream()
        .filter(file -> {
          Duration kept = file.name().endsWith(PART_END) ? PART_KEPT : UNNAMED_KEPT;
          return !named.contains(file.name()) && file.touched().isBefore(now.minus(kept));
        })
        .map(Found::name)
        .toList();
  }
}
