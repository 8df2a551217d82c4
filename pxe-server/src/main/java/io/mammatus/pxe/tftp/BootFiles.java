package io.mammatus.pxe.tftp;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * The files that machines may fetch, by name: from a folder ({@link FolderBootFiles}), or rendered
 * for the one who asks ({@link BootFile#rendered}). Such sources are put together with {@link
 * #orElse}:
 *
 * <pre>{@code
 * BootFiles files = grubConfigurations.orElse(new FolderBootFiles(vertx, loaders));
 * }</pre>
 */
@FunctionalInterface
public interface BootFiles {

  /**
   * Opens a file; called on an event loop, which must not wait.
   *
   * @return empty if there is no such file, or the name is none that is served
   */
  Future<Optional<BootFile>> open(FileRequest request);

  /** These, and where they have no such file, the others. */
  default BootFiles orElse(BootFiles others) {
    return request ->
        open(request)
            .compose(
                found -> found.isPresent() ? Future.succeededFuture(found) : others.open(request));
  }
}
