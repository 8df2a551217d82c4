package io.mammatus.agent;

import io.mammatus.core.net.Mac;
import io.mammatus.platform.config.HostPort;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the boot script said on the kernel's command line. There is no secret in it: everybody on
 * the machine can read it.
 */
final class KernelArguments {

  /** LXD's socket in Debian's package. */
  private static final Path LXD_SOCKET = Path.of("/var/lib/lxd/unix.socket");

  private static final Path STATE = Path.of("/var/lib/mammatus");

  private KernelArguments() {}

  /**
   * Reads {@code mammatus.control=HOST:PORT mammatus.ca=sha256:HEX BOOTIF=01-MAC}.
   *
   * @throws IllegalArgumentException if one is missing or wrong
   */
  static AgentConfig read(String commandLine) {
    Map<String, String> arguments = new HashMap<>();
    for (String word : commandLine.strip().split("\\s+")) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        arguments.put(word.substring(0, equals), word.substring(equals + 1));
      }
    }
    return new AgentConfig(
        HostPort.parse(need(arguments, "mammatus.control")),
        need(arguments, "mammatus.ca"),
        bootMac(need(arguments, "BOOTIF")),
        STATE,
        true,
        Optional.of(LXD_SOCKET));
  }

  /** BOOTIF is the hardware type and the address, with hyphens (pxelinux's IPAPPEND 2). */
  private static Mac bootMac(String bootif) {
    return Mac.parse(bootif.length() == 20 ? bootif.substring(3) : bootif);
  }

  private static String need(Map<String, String> arguments, String name) {
    String value = arguments.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "the kernel's command line has no " + name + ": was this machine booted by the cloud?");
    }
    return value;
  }
}
