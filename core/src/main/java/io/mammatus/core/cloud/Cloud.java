package io.mammatus.core.cloud;

import io.mammatus.core.collection.PMap;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.InstanceId;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.InstanceStatus;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Status;
import io.mammatus.core.resource.Uid;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The whole cloud at one position of the log: a value. An update gives a new cloud that shares what
 * did not change.
 *
 * <p>Beside the resources it keeps the look-ups that decisions need: by name, by MAC, by address,
 * and the instances of a node. They follow from the resources and are never written elsewhere.
 */
public final class Cloud {

  /** A cloud in which nothing happened yet. */
  public static final Cloud EMPTY =
      new Cloud(0, PMap.empty(), PMap.empty(), PMap.empty(), PMap.empty(), PMap.empty(), null);

  private final long position;
  private final PMap<Kind, PMap<Uid, Resource<?, ?>>> kinds;
  private final PMap<NameKey, Uid> names;
  private final PMap<Mac, Ref> macs;
  private final PMap<IpAddress, Ref> addresses;
  private final PMap<NodeId, PMap<Uid, Boolean>> residents;
  private final @Nullable Touched touched;

  /** What was put or removed since {@link #settled()}, newest first. */
  private record Touched(Ref ref, @Nullable Touched before) {}

  private record NameKey(Kind kind, String workspace, String name) {}

  private Cloud(
      long position,
      PMap<Kind, PMap<Uid, Resource<?, ?>>> kinds,
      PMap<NameKey, Uid> names,
      PMap<Mac, Ref> macs,
      PMap<IpAddress, Ref> addresses,
      PMap<NodeId, PMap<Uid, Boolean>> residents,
      @Nullable Touched touched) {
    this.position = position;
    this.kinds = kinds;
    this.names = names;
    this.macs = macs;
    this.addresses = addresses;
    this.residents = residents;
    this.touched = touched;
  }

  /** The cloud as a snapshot of the store has it. */
  public static Cloud of(long position, Collection<? extends Resource<?, ?>> resources) {
    Cloud cloud = EMPTY;
    for (Resource<?, ?> resource : resources) {
      cloud = cloud.with(resource);
    }
    return cloud.at(position).settled();
  }

  /** The log position up to which everything is in it. */
  public long position() {
    return position;
  }

  public Optional<Resource<?, ?>> find(Ref ref) {
    return all(ref.kind()).get(ref.id());
  }

  public Optional<Resource<?, ?>> find(Kind kind, String workspace, String name) {
    return names.get(new NameKey(kind, workspace, name)).flatMap(id -> all(kind).get(id));
  }

  /** Every resource of a kind, in no particular order. */
  public List<Resource<?, ?>> list(Kind kind) {
    return all(kind).values();
  }

  public int count(Kind kind) {
    return all(kind).size();
  }

  /** The machine or instance that has this MAC address. */
  public Optional<Ref> owner(Mac mac) {
    return macs.get(mac);
  }

  /** The machine or instance that has this address. */
  public Optional<Ref> owner(IpAddress address) {
    return addresses.get(address);
  }

  public Optional<Resource<MachineSpec, MachineStatus>> machine(MachineId id) {
    return find(id.ref()).map(Cloud::cast);
  }

  public Optional<Resource<NodeSpec, NodeStatus>> node(NodeId id) {
    return find(id.ref()).map(Cloud::cast);
  }

  public Optional<Resource<InstanceSpec, InstanceStatus>> instance(InstanceId id) {
    return find(id.ref()).map(Cloud::cast);
  }

  public Optional<Resource<NetworkSpec, AvailableStatus>> network(NetworkId id) {
    return find(id.ref()).map(Cloud::cast);
  }

  public List<Resource<MachineSpec, MachineStatus>> machines() {
    return list(Kind.MACHINE).stream().map(Cloud::<MachineSpec, MachineStatus>cast).toList();
  }

  public List<Resource<NodeSpec, NodeStatus>> nodes() {
    return list(Kind.NODE).stream().map(Cloud::<NodeSpec, NodeStatus>cast).toList();
  }

  public List<Resource<InstanceSpec, InstanceStatus>> instances() {
    return list(Kind.INSTANCE).stream().map(Cloud::<InstanceSpec, InstanceStatus>cast).toList();
  }

  public List<Resource<NetworkSpec, AvailableStatus>> networks() {
    return list(Kind.NETWORK).stream().map(Cloud::<NetworkSpec, AvailableStatus>cast).toList();
  }

  /** The instances placed on a node, those being deleted included. */
  public List<Resource<InstanceSpec, InstanceStatus>> instancesOn(NodeId node) {
    List<Resource<InstanceSpec, InstanceStatus>> found = new ArrayList<>();
    residents
        .get(node)
        .ifPresent(
            ids -> ids.forEach((id, yes) -> instance(new InstanceId(id)).ifPresent(found::add)));
    return found;
  }

  /** The same cloud, known to be complete up to this position. */
  public Cloud at(long newPosition) {
    return new Cloud(newPosition, kinds, names, macs, addresses, residents, touched);
  }

  /** The same cloud, with nothing counted as touched. */
  public Cloud settled() {
    return new Cloud(position, kinds, names, macs, addresses, residents, null);
  }

  /** Which resources came, changed or went since it was settled. */
  public Set<Ref> touched() {
    Set<Ref> refs = new LinkedHashSet<>();
    for (Touched one = touched; one != null; one = one.before) {
      refs.add(one.ref);
    }
    return refs;
  }

  /** The cloud with this resource in place of what had its id. */
  public Cloud with(Resource<?, ?> resource) {
    Cloud cleared = without(resource.ref());
    PMap<Mac, Ref> newMacs = cleared.macs;
    for (Mac mac : macsOf(resource.status())) {
      newMacs = newMacs.put(mac, resource.ref());
    }
    IpAddress address = addressOf(resource.status());
    NodeId home = homeOf(resource.status());
    return new Cloud(
        position,
        cleared.kinds.put(
            resource.kind(), cleared.all(resource.kind()).put(resource.id(), resource)),
        cleared.names.put(nameOf(resource), resource.id()),
        newMacs,
        address == null ? cleared.addresses : cleared.addresses.put(address, resource.ref()),
        home == null
            ? cleared.residents
            : cleared.residents.put(home, cleared.residentsOf(home).put(resource.id(), true)),
        new Touched(resource.ref(), touched));
  }

  /** The cloud without this resource. */
  public Cloud without(Ref ref) {
    Optional<Resource<?, ?>> found = find(ref);
    return found.isPresent() ? without(found.get()) : this;
  }

  private Cloud without(Resource<?, ?> old) {
    PMap<Mac, Ref> newMacs = macs;
    for (Mac mac : macsOf(old.status())) {
      boolean mine = newMacs.get(mac).filter(old.ref()::equals).isPresent();
      newMacs = mine ? newMacs.remove(mac) : newMacs;
    }
    IpAddress address = addressOf(old.status());
    NodeId home = homeOf(old.status());
    return new Cloud(
        position,
        kinds.put(old.kind(), all(old.kind()).remove(old.id())),
        names.remove(nameOf(old)),
        newMacs,
        address == null ? addresses : addresses.remove(address),
        home == null ? residents : residents.put(home, residentsOf(home).remove(old.id())),
        new Touched(old.ref(), touched));
  }

  private PMap<Uid, Resource<?, ?>> all(Kind kind) {
    return kinds.get(kind).orElse(PMap.empty());
  }

  private PMap<Uid, Boolean> residentsOf(NodeId node) {
    return residents.get(node).orElse(PMap.empty());
  }

  private static NameKey nameOf(Resource<?, ?> resource) {
    return new NameKey(resource.kind(), resource.metadata().workspace(), resource.name());
  }

  private static List<Mac> macsOf(Status status) {
    return switch (status) {
      case MachineStatus machine -> machine.macs();
      case InstanceStatus instance -> instance.mac() == null ? List.of() : List.of(instance.mac());
      case NodeStatus node -> List.of();
      case AvailableStatus available -> List.of();
    };
  }

  private static @Nullable IpAddress addressOf(Status status) {
    return switch (status) {
      case MachineStatus machine -> machine.address();
      case InstanceStatus instance -> instance.address();
      case NodeStatus node -> null;
      case AvailableStatus available -> null;
    };
  }

  private static @Nullable NodeId homeOf(Status status) {
    return status instanceof InstanceStatus instance ? instance.node() : null;
  }

  /** The kind of the reference that found it decided the types. */
  @SuppressWarnings("unchecked")
  private static <S extends Spec, T extends Status> Resource<S, T> cast(Resource<?, ?> resource) {
    return (Resource<S, T>) resource;
  }
}
