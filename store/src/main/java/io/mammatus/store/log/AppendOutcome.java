package io.mammatus.store.log;

/** What became of an append. That the server was away is a failed future instead. */
public sealed interface AppendOutcome {

  /**
   * Everything is on disk.
   *
   * @param head position of the last entry
   */
  record Appended(long head) implements AppendOutcome {}

  /**
   * Somebody appended in between and nothing was written: catch up, decide again.
   *
   * @param currentHead position of the log's last entry now
   */
  record LogMoved(long currentHead) implements AppendOutcome {}

  /**
   * Another process leads by now and nothing was written: stop planning.
   *
   * @param current the token that is valid now
   */
  record StaleToken(FencingToken current) implements AppendOutcome {}
}
