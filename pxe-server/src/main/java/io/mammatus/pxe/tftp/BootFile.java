package io.mammatus.pxe.tftp;

import io.vertx.core.Future;

/** An open file to be served. */
public interface BootFile {

  /** Octets, fixed while it is open. */
  long size();

  /**
   * Reads without blocking the caller.
   *
   * @return exactly {@code length} octets; fails if the file has become shorter
   */
  Future<byte[]> read(long offset, int length);

  /** Lets go of it; a read under way may still fail or finish. */
  void close();
}
