package io.mammatus.pxe.tftp;

import io.vertx.core.Future;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The few chunks of a file around the window that is being sent, one chunk read ahead. For one
 * thread. Holds four chunks at most.
 */
final class ReadAhead {

  private static final int MIN_CHUNK = 64 * 1024;
  private static final int KEEP = 4;

  private final BootFile file;
  private final int chunkSize;
  private final Map<Long, byte[]> chunks = new LinkedHashMap<>();
  private final Map<Long, Future<Void>> loading = new HashMap<>();

  /**
   * @param windowOctets a window is never longer: so two chunks always hold it
   */
  ReadAhead(BootFile file, int windowOctets) {
    this.file = file;
    this.chunkSize = Math.max(MIN_CHUNK, windowOctets);
  }

  /** Completes, maybe at once, when the octets from {@code from} up to {@code to} can be copied. */
  Future<Void> need(long from, long to) {
    long end = Math.min(to, file.size());
    if (from >= end) {
      return Future.succeededFuture();
    }
    Future<Void> first = chunk(from / chunkSize);
    Future<Void> second = chunk((end - 1) / chunkSize);
    long next = (end - 1) / chunkSize + 1;
    if (next * chunkSize < file.size()) {
      chunk(next).onFailure(_ -> {}); // asked for again when it is needed
    }
    return Future.all(first, second).mapEmpty();
  }

  boolean has(long from, long to) {
    long end = Math.min(to, file.size());
    return from >= end
        || chunks.containsKey(from / chunkSize) && chunks.containsKey((end - 1) / chunkSize);
  }

  /** Copies octets that {@link #need} has brought. */
  void copy(long from, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = from + done;
      byte[] chunk = chunks.get(at / chunkSize);
      if (chunk == null) {
        throw new IllegalStateException("not read yet: " + at);
      }
      int inChunk = (int) (at % chunkSize);
      int step = Math.min(length - done, chunk.length - inChunk);
      System.arraycopy(chunk, inChunk, target, offset + done, step);
      done += step;
    }
  }

  private Future<Void> chunk(long number) {
    if (chunks.containsKey(number)) {
      return Future.succeededFuture();
    }
    Future<Void> under = loading.get(number);
    if (under != null) {
      return under;
    }
    long offset = number * chunkSize;
    int length = (int) Math.min(chunkSize, file.size() - offset);
    Future<Void> read =
        file.read(offset, length)
            .onComplete(_ -> loading.keySet().remove(number))
            .map(octets -> {
              chunks.put(number, octets);
              if (chunks.size() > KEEP) {
                chunks.remove(chunks.keySet().iterator().next());
              }
              return null;
            });
    if (!read.isComplete()) {
      Future<Void> none = loading.put(number, read);
    }
    return read;
  }
}
