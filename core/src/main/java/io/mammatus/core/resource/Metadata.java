package io.mammatus.core.resource;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What every resource has.
 *
 * @param id never changes and is never used again
 * @param name unique among the resources of one kind in a workspace
 * @param workspace who it belongs to; {@code default} until there are more
 * @param labels free words for finding it again
 * @param version the log position of its last change; the ETag of the API
 * @param createdAt when it came into being
 * @param deletedAt when its deletion was asked for; it stays until what it stands for is gone
 */
public record Metadata(
    Uid id,
    String name,
    String workspace,
    Map<String, String> labels,
    long version,
    Instant createdAt,
    @Nullable Instant deletedAt) {

  public static final String DEFAULT_WORKSPACE = "default";

  public Metadata {
    labels = Map.copyOf(labels);
  }

  public boolean isDeleting() {
    return deletedAt != null;
  }

  public Metadata withVersion(long newVersion) {
    return new Metadata(id, name, workspace, labels, newVersion, createdAt, deletedAt);
  }

  public Metadata withLabels(Map<String, String> newLabels) {
    return new Metadata(id, name, workspace, newLabels, version, createdAt, deletedAt);
  }

  public Metadata deleting(Instant at) {
    return new Metadata(id, name, workspace, labels, version, createdAt, at);
  }
}
