package io.mammatus.pxe.tftp;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a transfer runs with, and what of it the client is told.
 *
 * @param blockSize octets a block (RFC 2348)
 * @param windowSize blocks before an acknowledgement (RFC 7440)
 * @param timeout asked for by the client (RFC 2349); empty leaves it to the server
 * @param acknowledged the options that go into an OACK; none of them means none is sent
 */
record TransferOptions(
    int blockSize, int windowSize, Optional<Duration> timeout, Map<String, String> acknowledged) {

  static final int DEFAULT_BLOCK_SIZE = 512;
  static final int MAX_BLOCK_SIZE = 65464;
  static final int MAX_WINDOW_SIZE = 64;

  /** What is kept in memory for one window. */
  static final int MAX_WINDOW_OCTETS = 512 * 1024;

  /** Longer ones (RFC 2349 has up to 255) would keep a dead client's transfer for half an hour. */
  static final int MAX_TIMEOUT_SECONDS = 30;

  /** Octets of a packet that are no content: IPv4 header, UDP header, and TFTP's own. */
  private static final int HEADERS = 20 + 8 + 4;

  /**
   * Answers the client's options: a smaller block or window than asked for where there is a limit;
   * what is unknown or makes no sense is left out, which refuses it (RFC 2347).
   *
   * @param size of the file
   * @param mtu of the way to the client: a block that is cut into fragments is lost with any one of
   *     them, and most ROMs cannot put them together (RFC 2348 lets the server answer with less)
   */
  static TransferOptions negotiate(Map<String, String> requested, long size, int mtu) {
    Map<String, String> acknowledged = new LinkedHashMap<>();
    int block = DEFAULT_BLOCK_SIZE;
    int window = 1;
    Optional<Duration> timeout = Optional.empty();
    OptionalInt wanted = number(requested.get("blksize"), 8, MAX_BLOCK_SIZE);
    if (wanted.isPresent()) {
      block = Math.min(wanted.getAsInt(), Math.max(DEFAULT_BLOCK_SIZE, mtu - HEADERS));
      acknowledged.put("blksize", String.valueOf(block));
    }
    wanted = number(requested.get("timeout"), 1, MAX_TIMEOUT_SECONDS);
    if (wanted.isPresent()) {
      timeout = Optional.of(Duration.ofSeconds(wanted.getAsInt()));
      acknowledged.put("timeout", String.valueOf(wanted.getAsInt()));
    }
    if (requested.containsKey("tsize")) {
      acknowledged.put("tsize", String.valueOf(size));
    }
    wanted = number(requested.get("windowsize"), 1, 65535);
    if (wanted.isPresent()) {
      int most = Math.clamp(MAX_WINDOW_OCTETS / block, 1, MAX_WINDOW_SIZE);
      window = Math.min(wanted.getAsInt(), most);
      acknowledged.put("windowsize", String.valueOf(window));
    }
    return new TransferOptions(block, window, timeout, acknowledged);
  }

  private static OptionalInt number(
      @org.jspecify.annotations.Nullable String text, int least, int most) {
    if (text == null || !text.matches("[0-9]{1,5}")) {
      return OptionalInt.empty();
    }
    int number = Integer.parseInt(text);
    return number >= least && number <= most ? OptionalInt.of(number) : OptionalInt.empty();
  }
}
