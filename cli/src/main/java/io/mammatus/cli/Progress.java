package io.mammatus.cli;

import java.util.function.LongConsumer;

/** How far an upload is: a line that grows on a terminal, one line at the end elsewhere. */
final class Progress implements LongConsumer {

  private final Session session;
  private final String file;
  private final long bytes;
  private final boolean terminal = System.console() != null && System.console().isTerminal();
  private int percent = -1;

  Progress(Session session, String file, long bytes) {
    this.session = session;
    this.file = file;
    this.bytes = bytes;
  }

  @Override
  public void accept(long sent) {
    int now = bytes == 0 ? 100 : (int) (sent * 100 / bytes);
    if (terminal && now != percent) {
      session.err().print("\r%s  %d %%".formatted(file, now));
      session.err().flush();
    }
    percent = now;
  }

  void done() {
    String what = percent < 0 ? "was there already" : "uploaded";
    session.note("%s%s  %s, %s".formatted(terminal ? "\r" : "", file, Cells.bytes(bytes), what));
  }
}
