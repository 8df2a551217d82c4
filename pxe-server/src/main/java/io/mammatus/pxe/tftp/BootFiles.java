package io.mammatus.pxe.tftp;

import io.vertx.core.Future;
import java.util.Optional;

/** The files that machines may fetch, by name. */
@FunctionalInterface
public interface BootFiles {

  /**
   * Opens a file.
   *
   * @param name as the client sent it: anything at all
   * @return empty if there is no such file, or the name is none that is served
   */
  Future<Optional<BootFile>> open(String name);
}
