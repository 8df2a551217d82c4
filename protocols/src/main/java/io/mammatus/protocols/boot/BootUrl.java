package io.mammatus.protocols.boot;

import io.mammatus.core.net.Ipv4;
import java.util.regex.Pattern;

/**
 * An absolute {@code http} or {@code https} URL that is safe in an iPXE script, a kernel argument
 * and a DHCP option: an address, a port and plain path segments; no user, query or fragment.
 *
 * @param secure whether it is {@code https}
 * @param host the server's address: a ROM need not have a resolver
 * @param port 1 to 65535
 * @param path begins with a slash; letters, digits and {@code . _ - :} between slashes, no {@code
 *     ..}
 */
public record BootUrl(boolean secure, Ipv4 host, int port, String path) {

  private static final Pattern PATH =
      Pattern.compile("(/[A-Za-z0-9_:-][A-Za-z0-9._:-]*)+", Pattern.DOTALL);

  /** One of {@code http}. */
  public BootUrl(Ipv4 host, int port, String path) {
    this(false, host, port, path);
  }

  public BootUrl {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
    }
    if (path.length() > 200 || !PATH.matcher(path).matches()) {
      throw new IllegalArgumentException("not a plain path");
    }
  }

  @Override
  public String toString() {
    return (secure ? "https://" : "http://") + host + ":" + port + path;
  }
}
