package io.mammatus.metadata;

import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Sees to it that the metadata address is on the interfaces that serve it. Blocking. */
final class LinkLocalAddress {

  private LinkLocalAddress() {}

  /** Adds the address where it is missing; fails with what to do if that is not permitted. */
  static void ensure(MetadataConfig config) throws IOException {
    String address = config.address().toString();
    for (String name : config.interfaces()) {
      NetworkInterface card = NetworkInterface.getByName(name);
      if (card == null) {
        throw new IOException("there is no interface " + name);
      }
      boolean there = card.inetAddresses().anyMatch(a -> a.getHostAddress().equals(address));
      if (!there) {
        add(address, name);
      }
    }
  }

  private static void add(String address, String name) throws IOException {
    Process process =
        new ProcessBuilder("ip", "address", "add", address + "/32", "dev", name)
            .redirectErrorStream(true)
            .start();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      boolean ended = process.waitFor(10, TimeUnit.SECONDS);
      if (!ended || process.exitValue() != 0) {
        throw new IOException(
            "%s is not on %s and cannot be added (%s): as root, ip address add %s/32 dev %s"
                .formatted(address, name, output, address, name));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
