package io.mammatus.control;

import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.Faults;
import io.mammatus.platform.config.HostName;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.config.Range;
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
    @Default("8080") @Range(min = "1", max = "65535") int bootPort,
    List<HostName> names,
    @Default("false") boolean acceptByName,
    @Default("200000") @Range(min = "1000", max = "100000000") int traceRecords,
    List<NetworkConfig> networks) {

  public ControlPlaneConfig {
    names = List.copyOf(names);
    networks = List.copyOf(networks);
    requireApart(networks);
  }

  /** What the cloud would refuse when it makes the second of the two. */
  private static void requireApart(List<NetworkConfig> networks) {
    Faults faults = new Faults();
    for (int i = 0; i < networks.size(); i++) {
      NetworkConfig later = networks.get(i);
      for (NetworkConfig one : networks.subList(0, i)) {
        String both = one.name() + " and " + later.name();
        faults
            .require(!one.name().equals(later.name()), "networks", "two are called " + later.name())
            .require(
                !one.spec().sharesLinkWith(later.spec()),
                "networks",
                both + " are on one interface, " + later.interfaceName())
            .require(
                !one.cidr().overlaps(later.cidr()), "networks", both + " have addresses in common");
      }
    }
    faults.raise();
  }

  /** The interfaces of the networks, each once. */
  public List<String> interfaces() {
    return networks.stream().map(NetworkConfig::interfaceName).distinct().toList();
  }
}
