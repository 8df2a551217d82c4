package io.mammatus.pxe.view;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The cloud itself as a view. Making one costs nothing but its few networks, so that each change of
 * the cloud can be published.
 */
public final class CloudBootView implements BootView {

  private final Cloud cloud;
  private final List<Resource<NetworkSpec, AvailableStatus>> networks;
  private final List<Subnet> subnets;
  private final SnapshotView reserved;

  public CloudBootView(Cloud cloud) {
    this.cloud = cloud;
    this.networks = List.copyOf(cloud.networks());
    this.subnets = networks.stream().map(CloudBootView::subnet).toList();
    this.reserved = new SnapshotView(subnets, List.of());
  }

  private CloudBootView(Cloud cloud, CloudBootView same) {
    this.cloud = cloud;
    this.networks = same.networks;
    this.subnets = same.subnets;
    this.reserved = same.reserved;
  }

  /** The view after a change, which is seldom one of the networks. */
  public CloudBootView next(Cloud changed) {
    return List.copyOf(changed.networks()).equals(networks)
        ? new CloudBootView(changed, this)
        : new CloudBootView(changed);
  }

  @Override
  public Optional<Host> hostByMac(Mac mac) {
    return cloud.owner(mac).flatMap(this::host);
  }

  @Override
  public Optional<Host> reserved(NetworkId network, Mac mac) {
    return reserved.reserved(network, mac);
  }

  @Override
  public Optional<Host> hostByAddress(Ipv4 address) {
    return cloud.owner(address).flatMap(this::host).or(() -> reserved.hostByAddress(address));
  }

  @Override
  public List<Subnet> subnets() {
    return subnets;
  }

  @Override
  public List<Host> hostsByName(String name) {
    Stream<Host> known =
        Stream.of(Kind.MACHINE, Kind.INSTANCE)
            .flatMap(kind -> cloud.find(kind, Metadata.DEFAULT_WORKSPACE, name).stream())
            .flatMap(resource -> host(resource.ref()).stream());
    return Stream.concat(known, reserved.hostsByName(name).stream()).toList();
  }

  private Optional<Host> host(Ref owner) {
    return switch (owner.kind()) {
      case MACHINE -> cloud.machine(new MachineId(owner.id())).flatMap(CloudBootView::machine);
      case INSTANCE -> cloud.instance(new InstanceId(owner.id())).flatMap(CloudBootView::instance);
      default -> Optional.empty();
    };
  }

  private static Optional<Host> machine(Resource<MachineSpec, MachineStatus> machine) {
    return ipv4(machine.status().address())
        .map(address ->
            new Host(
                Host.Kind.MACHINE,
                machine.id().toString(),
                machine.name(),
                Set.copyOf(machine.status().macs()),
                address,
                machine.spec().boots() == MachineSpec.Boot.IMAGE));
  }

  private static Optional<Host> instance(Resource<InstanceSpec, InstanceStatus> instance) {
    Mac mac = instance.status().mac();
    return ipv4(instance.status().address())
        .map(address ->
            new Host(
                Host.Kind.INSTANCE,
                instance.id().toString(),
                instance.name(),
                mac == null ? Set.of() : Set.of(mac),
                address,
                false));
  }

  private static Optional<Ipv4> ipv4(@org.jspecify.annotations.Nullable IpAddress address) {
    return address instanceof Ipv4 four ? Optional.of(four) : Optional.empty();
  }

  private static Subnet subnet(Resource<NetworkSpec, AvailableStatus> resource) {
    NetworkSpec network = resource.spec();
    return new Subnet(
        new NetworkId(resource.id()),
        network.interfaceName(),
        network.server(),
        network.cidr(),
        Optional.of(network.gateway()),
        network.dns().stream().flatMap(address -> ipv4(address).stream()).toList(),
        Optional.ofNullable(network.domain()),
        network.lease(),
        network.served());
  }
}
