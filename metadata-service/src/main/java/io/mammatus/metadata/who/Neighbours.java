package io.mammatus.metadata.who;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The kernel's neighbour table (proc(5), {@code /proc/net/arp}). Reading it blocks, shortly. */
public final class Neighbours {

  private static final Path TABLE = Path.of("/proc/net/arp");
  private static final int ADDRESS = 0;
  private static final int TYPE = 1;
  private static final int FLAGS = 2;
  private static final int CARD = 3;
  private static final String ETHERNET = "0x1";
  private static final String INCOMPLETE = "0x0";

  private Neighbours() {}

  /** The card that an address resolved to, if it did. */
  public static Optional<Mac> of(IpAddress address) throws IOException {
    return find(Files.readString(TABLE), address);
  }

  static Optional<Mac> find(String table, IpAddress address) {
    return table
        .lines()
        .skip(1)
        .map(line -> line.trim().split("\\s+"))
        .filter(columns -> columns.length > CARD && columns[ADDRESS].equals(address.toString()))
        .filter(columns -> columns[TYPE].equals(ETHERNET) && !columns[FLAGS].equals(INCOMPLETE))
        .map(columns -> Mac.parse(columns[CARD]))
        .findFirst();
  }
}
