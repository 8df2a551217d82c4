package io.mammatus.pxe.neighbour;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** The limits as the kernel has them. Blocking, shortly. */
public final class NeighbourTable {

  /** Of IPv4: proc(5), arp(7). */
  private static final Path KERNEL = Path.of("/proc/sys/net/ipv4/neigh/default");

  private static final String KEPT = "gc_thresh1";
  private static final String SOFT = "gc_thresh2";
  private static final String HARD = "gc_thresh3";

  private final Path folder;

  /** This machine's. */
  public NeighbourTable() {
    this(KERNEL);
  }

  /**
   * @param folder where the limits are, a file each
   */
  public NeighbourTable(Path folder) {
    this.folder = folder;
  }

  /** What {@link #makeRoom} came to. */
  public sealed interface Room {

    /** There is enough. */
    record Enough(NeighbourLimits limits) implements Room {}

    record Raised(NeighbourLimits before, NeighbourLimits after) implements Room {}

    /** There is too little, and it is not for this process to change that. */
    record Refused(NeighbourLimits before, NeighbourLimits needed, String why) implements Room {}

    /** This network namespace does not see the limits: they are the machine's. */
    record Unseen(NeighbourLimits needed) implements Room {}
  }

  /** The limits; empty in another network namespace than the machine's first. */
  public Optional<NeighbourLimits> limits() throws IOException {
    try {
      return Optional.of(new NeighbourLimits(read(KEPT), read(SOFT), read(HARD)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Raises what is lower than so many hosts need, and lowers nothing. Takes CAP_NET_ADMIN, and a
   * /proc/sys that can be written.
   */
  public Room makeRoom(long hosts) throws IOException {
    NeighbourLimits needed = NeighbourLimits.fitFor(hosts);
    Optional<NeighbourLimits> before = limits();
    if (before.isEmpty()) {
      boolean usual = NeighbourLimits.USUAL.atLeast(needed).equals(NeighbourLimits.USUAL);
      return usual ? new Room.Enough(NeighbourLimits.USUAL) : new Room.Unseen(needed);
    }
    NeighbourLimits after = before.get().atLeast(needed);
    if (after.equals(before.get())) {
      return new Room.Enough(after);
    }
    try {
      // from above: none is ever beyond the next
      write(HARD, before.get().hard(), after.hard());
      write(SOFT, before.get().soft(), after.soft());
      write(KEPT, before.get().kept(), after.kept());
      return new Room.Raised(before.get(), after);
    } catch (AccessDeniedException e) {
      return new Room.Refused(before.get(), after, "permission denied"); // it has no message
    } catch (IOException e) {
      return new Room.Refused(before.get(), after, String.valueOf(e.getMessage()));
    }
  }

  /**
   * In one call: the kernel gives a number to the first only. A reader of files of no length begins
   * with a single octet, and would take that for all of it.
   */
  private int read(String name) throws IOException {
    byte[] text = new byte[32];
    try (InputStream file = Files.newInputStream(folder.resolve(name))) {
      int length = Math.max(0, file.read(text));
      return Integer.parseInt(new String(text, 0, length, StandardCharsets.US_ASCII).strip());
    } catch (NumberFormatException e) {
      throw new IOException(folder.resolve(name) + " is not a number", e);
    }
  }

  private void write(String name, int before, int after) throws IOException {
    if (after != before) {
      Files.writeString(folder.resolve(name), after + "\n");
    }
  }
}
