package io.mammatus.pxe.trace;

import io.mammatus.core.net.Ipv4;
import io.mammatus.pxe.view.Host;
import java.time.Duration;
import java.util.Optional;

/**
 * A step on a machine's way up, as seen from here.
 *
 * @param address who fetched
 * @param host who has that address, if anybody
 * @param step such as {@code script}, {@code kernel}, {@code initrd}, {@code root}, {@code loader}
 * @param file the file's name
 * @param bytes sent so far: 0 at the start
 * @param took since the start
 */
public record BootProgress(
    Ipv4 address,
    Optional<Host> host,
    String step,
    String file,
    Stage stage,
    long bytes,
    Duration took) {

  /** Where in the transfer this is. */
  public enum Stage {
    STARTED,
    /** Others fetch the same file; its turn comes. Some octets go meanwhile, so that it waits. */
    WAITING,
    /** On the way, told from time to time. */
    RUNNING,
    FINISHED,
    /** The client broke off on purpose: ROMs often ask for a file's size first, and then again. */
    BROKEN_OFF,
    FAILED
  }
}
