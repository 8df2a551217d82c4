package io.mammatus.control;

import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.HostPort;
import java.nio.file.Path;
import java.util.List;

/**
 * The control plane's own settings.
 *
 * @param identity the folder that keeps the CA's key; readable by this program's user alone
 * @param blobs the folder that keeps images by digest, shared with the boot server
 * @param api where people and programs connect
 * @param agents where nodes connect
 * @param bootPort where the boot server serves files to nodes, on the address that they connect to
 * @param names further names and addresses by which this control plane is reached, for its
 *     certificate
 * @param acceptByName whether a machine may be accepted without its key's fingerprint
 * @param traceRecords how many records of the trace are kept in all; the oldest go first
 * @param networks networks that are there from the start; later changes go through the API
 */
public record ControlPlaneConfig(
    @Default("/var/lib/mammatus/identity") Path identity,
    @Default("/var/lib/mammatus/blobs") Path blobs,
    @Default("0.0.0.0:8443") HostPort api,
    @Default("0.0.0.0:8444") HostPort agents,
    @Default("8080") int bootPort,
    List<String> names,
    @Default("false") boolean acceptByName,
    @Default("200000") int traceRecords,
    List<NetworkConfig> networks) {

  public ControlPlaneConfig {
    if (traceRecords < 1000 || traceRecords > 100_000_000) {
      throw new IllegalArgumentException("traceRecords: from 1000 to 100000000");
    }
    names = List.copyOf(names);
    networks = List.copyOf(networks);
  }

  /** The interfaces of the networks. */
  public List<String> interfaces() {
    return networks.stream().map(NetworkConfig::interfaceName).toList();
  }
}
