package io.mammatus.pxe.lease;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who a boot server is to the others. One that was killed and is started again is the same, and
 * goes on with its networks at once instead of waiting for its own duty to end.
 *
 * <p>Two that run at the same time must never be the same. So it is made of what two of them cannot
 * have in common: the boot of the machine, the network namespace, and the HTTP port there, on which
 * only one can listen (the kernel gives it to the next one when the last thread of the one before
 * is gone). A network card's address is no part of it: a bridge changes its own with its ports.
 *
 * @param host the machine's name, for people
 */
public record ServerIdentity(UUID id, String host) {

  /**
   * This process's, if it listens on that port before it answers anything.
   *
   * @param httpPort the port that it has on every address
   */
  public static ServerIdentity here(int httpPort) {
    String host = read(Path.of("/proc/sys/kernel/hostname"));
    String boot = read(Path.of("/proc/sys/kernel/random/boot_id"));
    String namespace = namespace();
    boolean known = !boot.isEmpty() && !namespace.isEmpty();
    return new ServerIdentity(known ? of(boot, namespace, httpPort) : UUID.randomUUID(), host);
  }

  static UUID of(String boot, String namespace, int httpPort) {
    String all = String.join("\n", boot, namespace, Integer.toString(httpPort));
    return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8));
  }

  /** Such as {@code net:[4026531840]}. */
  private static String namespace() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/net")).toString();
    } catch (IOException e) {
      return "";
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      return "";
    }
  }
}
