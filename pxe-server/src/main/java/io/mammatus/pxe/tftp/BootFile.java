package io.mammatus.pxe.tftp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** An open file to be served to one client. */
public interface BootFile {

  /** Octets, fixed while it is open. */
  long size();

  /**
   * Fills the rest of a buffer, from a thread that may wait for a disk: never an event loop.
   *
   * @throws IOException if it cannot, or the file has become shorter than it was
   */
  void read(long offset, ByteBuffer target) throws IOException;

  /** Lets go of it. */
  void close();

  /** A file that was made for the one who asks, in UTF-8. */
  static BootFile rendered(String text) {
    return new OctetsFile(text.getBytes(StandardCharsets.UTF_8));
  }
}
