package io.mammatus.pxe.tftp;

import io.mammatus.core.net.Ipv4;

/**
 * Who asks for which file, and where: what a file may depend on.
 *
 * @param name as the client sent it: anything at all
 * @param interfaceName on which it asked
 * @param client its address, which on one layer 2 is claimed and not proved
 * @param server the address that the answer comes from, for URLs in rendered files
 */
public record FileRequest(String name, String interfaceName, Ipv4 client, Ipv4 server) {

  /** The same by another name. */
  public FileRequest named(String other) {
    return new FileRequest(other, interfaceName, client, server);
  }
}
