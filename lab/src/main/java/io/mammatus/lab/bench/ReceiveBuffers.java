package io.mammatus.lab.bench;

import io.mammatus.lab.Shell;
import java.io.IOException;

/**
 * Room for what a load generator has not read yet, which has only the system's default otherwise:
 * what overflows there is no server's loss. The setting is the whole machine's, so the servers'
 * sockets have it too; for the time of a bench.
 */
final class ReceiveBuffers implements AutoCloseable {

  static final int OCTETS = 8 << 20;

  private static final String SETTING = "net.core.rmem_default";

  private final String before;

  ReceiveBuffers() throws IOException {
    before = Shell.run("sysctl", "-n", SETTING).strip();
    set(Integer.toString(OCTETS));
  }

  private static void set(String octets) throws IOException {
    Shell.run("sysctl", "-q", "-w", SETTING + "=" + octets);
  }

  @Override
  public void close() throws IOException {
    set(before);
  }
}
