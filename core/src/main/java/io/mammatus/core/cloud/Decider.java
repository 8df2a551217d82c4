package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Decision.accept;
import static io.mammatus.core.cloud.Decision.nothing;
import static io.mammatus.core.cloud.Decision.refuse;

import io.mammatus.core.cloud.Command.AcceptMachine;
import io.mammatus.core.cloud.Command.Apply;
import io.mammatus.core.cloud.Command.Connect;
import io.mammatus.core.cloud.Command.Delete;
import io.mammatus.core.cloud.Command.Disconnect;
import io.mammatus.core.cloud.Command.Enrol;
import io.mammatus.core.cloud.Command.RecordCertificate;
import io.mammatus.core.cloud.Command.RejectKey;
import io.mammatus.core.cloud.Command.ReportInventory;
import io.mammatus.core.cloud.Command.ReportObserved;
import io.mammatus.core.cloud.Command.RequestAdmission;
import io.mammatus.core.cloud.Command.RevokeNode;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.ResourceEvent.DeletionRequested;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.log.ResourceEvent.SpecApplied;
import io.mammatus.core.machine.MachineIdentity;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.core.resource.InstancePhase;
import io.mammatus.core.resource.InstanceSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodePhase;
import io.mammatus.core.resource.NodeSpec;
import io.mammatus.core.resource.NodeStatus;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import io.mammatus.core.resource.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Decides commands against the cloud as it is. No clock, no chance, no effect. */
public final class Decider {

  private static final String NAME = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

  private Decider() {}

  /** What the command leads to. Asking again for what is so already is accepted, without events. */
  public static Decision decide(Cloud cloud, Command command) {
    return switch (command) {
      case Apply c -> apply(cloud, c);
      case Delete c -> delete(cloud, c);
      case Enrol c -> Admission.enrol(cloud, c);
      case RequestAdmission c -> Admission.request(cloud, c);
      case AcceptMachine c -> Admission.accept(cloud, c);
      case RejectKey c -> Admission.reject(cloud, c);
      case RecordCertificate c -> NodeReports.certificate(cloud, c);
      case RevokeNode c -> NodeReports.revoke(cloud, c);
      case Connect c -> NodeReports.connect(cloud, c);
      case Disconnect c -> NodeReports.disconnect(cloud, c);
      case ReportInventory c -> NodeReports.inventory(cloud, c);
      case ReportObserved c -> NodeReports.observed(cloud, c);
    };
  }

  private static Decision apply(Cloud cloud, Apply c) {
    if (!c.name().matches(NAME)) {
      return refuse(
          Failure.invalid(
              "metadata.name",
              "a name has 1 to 63 lower-case letters, digits and hyphens, and no hyphen at its ends"));
    }
    Resource<?, ?> old = cloud.find(c.kind(), c.workspace(), c.name()).orElse(null);
    Failure failure = versionFailure(old, c.ifVersion());
    if (failure == null) {
      failure = old == null ? creationFailure(cloud, c) : changeFailure(cloud, old, c);
    }
    if (failure != null) {
      return refuse(failure);
    }
    Map<String, String> labels = labels(old, c);
    if (old != null && old.spec().equals(c.spec()) && old.metadata().labels().equals(labels)) {
      return nothing();
    }
    List<Event> events = new ArrayList<>();
    if (old != null && c.spec() instanceof MachineSpec machine) {
      events.addAll(MachineIdentity.give(cloud, new MachineId(old.id()), machine.macs()));
    }
    events.add(
        new SpecApplied(
            c.kind(),
            old == null ? c.newId() : old.id(),
            c.name(),
            c.workspace(),
            labels,
            c.spec()));
    return new Decision.Accepted(events);
  }

  private static Map<String, String> labels(@Nullable Resource<?, ?> old, Apply c) {
    if (c.labels() != null) {
      return c.labels();
    }
    return old == null ? Map.of() : old.metadata().labels();
  }

  private static @Nullable Failure versionFailure(
      @Nullable Resource<?, ?> old, @Nullable Long ifVersion) {
    if (ifVersion == null) {
      return null;
    }
    long version = old == null ? 0 : old.metadata().version();
    return version == ifVersion
        ? null
        : Failure.versionMoved(
            "it has version %d, not %d: get it again, then repeat the change"
                .formatted(version, ifVersion));
  }

  private static @Nullable Failure creationFailure(Cloud cloud, Apply c) {
    return c.kind() == Kind.NODE
        ? Failure.invalid(
            "metadata.name", "a node comes from accepting a machine: mammatus machine accept NAME")
        : conflictFailure(cloud, c.spec(), null);
  }

  private static @Nullable Failure changeFailure(Cloud cloud, Resource<?, ?> old, Apply c) {
    if (old.metadata().isDeleting()) {
      return Failure.conflict("it is being deleted: wait until it is gone");
    }
    if (old.spec() instanceof InstanceSpec was && c.spec() instanceof InstanceSpec is) {
      if (!was.image().equals(is.image())) {
        return Failure.invalid("spec.image", "an instance keeps its image: make another instance");
      }
      if (!was.flavor().equals(is.flavor())) {
        return Failure.invalid(
            "spec.flavor", "an instance keeps its flavor: make another instance");
      }
      if (!was.network().equals(is.network())) {
        return Failure.invalid(
            "spec.network", "an instance keeps its network: make another instance");
      }
    }
    if (old.spec() instanceof NodeSpec was
        && c.spec() instanceof NodeSpec is
        && !was.machine().equals(is.machine())) {
      return Failure.invalid("spec.machine", "a node stays on its machine");
    }
    if (old.kind() == Kind.FLAVOR && !old.spec().equals(c.spec())) {
      Failure used = inUse(cloud, old);
      if (used != null) {
        return Failure.invalid("spec", "instances have this flavor: make another one");
      }
    }
    if (old.spec() instanceof NetworkSpec was && c.spec() instanceof NetworkSpec is) {
      Failure failure = stranded(cloud, old, is);
      failure = failure == null ? taken(cloud, "server", was.server(), is.server()) : failure;
      failure = failure == null ? taken(cloud, "gateway", was.gateway(), is.gateway()) : failure;
      failure = failure == null ? givenTwice(cloud, old, was.served(), is.served()) : failure;
      if (failure != null) {
        return failure;
      }
    }
    return conflictFailure(cloud, c.spec(), old.ref());
  }

  /** A network may not change so that an address that somebody has is outside of it. */
  private static @Nullable Failure stranded(Cloud cloud, Resource<?, ?> old, NetworkSpec changed) {
    return addresses(cloud, new NetworkId(old.id()), old.name())
        .filter(address -> !changed.cidr().contains(address))
        .findFirst()
        .map(address ->
            Failure.invalid(
                "spec.cidr", holder(cloud, address) + ", which is not in " + changed.cidr()))
        .orElse(null);
  }

  /** The addresses that machines and instances have on a network. */
  private static Stream<Ipv4> addresses(Cloud cloud, NetworkId id, String name) {
    Stream<IpAddress> ofMachines =
        cloud.machines().stream()
            .filter(m -> id.equals(m.status().network()))
            .map(m -> m.status().address());
    Stream<IpAddress> ofInstances =
        cloud.instances().stream()
            .filter(i -> i.spec().network().equals(name))
            .map(i -> i.status().address());
    return Stream.concat(ofMachines, ofInstances)
        .filter(Ipv4.class::isInstance)
        .map(Ipv4.class::cast);
  }

  /**
   * Pools and reservations may not come to hold an address that a machine or an instance has; but a
   * machine that was enrolled by its reservation has the address that is reserved.
   */
  private static @Nullable Failure givenTwice(
      Cloud cloud, Resource<?, ?> old, DhcpSpec was, DhcpSpec is) {
    if (was.equals(is)) {
      return null;
    }
    Set<DhcpSpec.Reservation> before = Set.copyOf(was.reservations());
    for (DhcpSpec.Reservation reservation : is.reservations()) {
      Optional<Ref> owner = cloud.owner(reservation.address());
      if (owner.isPresent()
          && !owner.equals(cloud.owner(reservation.mac()))
          && !before.contains(reservation)) {
        return Failure.invalid(
            "spec.dhcp.reservations", holder(cloud, reservation.address()) + ": choose another");
      }
    }
    return addresses(cloud, new NetworkId(old.id()), old.name())
        .filter(address -> is.gives(address) && !was.gives(address))
        .findFirst()
        .map(address -> Failure.invalid("spec.dhcp.pools", holder(cloud, address) + ": exclude it"))
        .orElse(null);
  }

  /** The server's and the gateway's address are not somebody else's: two would answer to it. */
  private static @Nullable Failure taken(Cloud cloud, String field, Ipv4 was, Ipv4 is) {
    return was.equals(is) || cloud.owner(is).isEmpty()
        ? null
        : Failure.invalid("spec." + field, holder(cloud, is) + ": choose another");
  }

  /** Who has an address that somebody has. */
  private static String holder(Cloud cloud, IpAddress address) {
    String who =
        cloud
            .owner(address)
            .flatMap(cloud::find)
            .map(owner -> owner.kind().singular() + " " + owner.name())
            .orElse("somebody");
    return who + " has " + address;
  }

  /** What another resource has already. */
  private static @Nullable Failure conflictFailure(Cloud cloud, Spec spec, @Nullable Ref self) {
    return switch (spec) {
      case MachineSpec machine -> {
        MachineId to = self == null ? null : new MachineId(self.id());
        yield machine.macs().stream()
            .flatMap(mac -> MachineIdentity.whyNotGiven(cloud, mac, to).stream())
            .findFirst()
            .map(why -> Failure.invalid("spec.macs", why))
            .orElse(null);
      }
      case NetworkSpec network ->
          cloud.networks().stream()
              .filter(n -> !n.ref().equals(self))
              .filter(
                  n -> n.spec().sharesLinkWith(network) || n.spec().cidr().overlaps(network.cidr()))
              .findAny()
              .map(n ->
                  Failure.invalid(
                      "spec.cidr", "its addresses or interface are network " + n.name() + "'s"))
              .orElse(null);
      default -> null;
    };
  }

  private static Decision delete(Cloud cloud, Delete c) {
    Resource<?, ?> old = cloud.find(c.kind(), c.workspace(), c.name()).orElse(null);
    if (old == null) {
      return refuse(Failure.notFound("there is no " + c.kind().singular() + " " + c.name()));
    }
    Failure failure = versionFailure(old, c.ifVersion());
    if (failure == null) {
      failure = inUse(cloud, old);
    }
    if (failure != null) {
      return refuse(failure);
    }
    if (old.metadata().isDeleting()) {
      return nothing();
    }
    return c.kind() == Kind.INSTANCE
        ? accept(new DeletionRequested(old.ref()))
        : accept(new ResourceDeleted(old.ref(), "deleted"));
  }

  private static @Nullable Failure inUse(Cloud cloud, Resource<?, ?> old) {
    return switch (old.kind()) {
      case NETWORK -> networkInUse(cloud, old);
      case MACHINE ->
          old.status() instanceof MachineStatus status && status.node() != null
              ? Failure.conflict("it is a node: revoke that first (mammatus node revoke NAME)")
              : null;
      case NODE ->
          old.status() instanceof NodeStatus status && status.phase() != NodePhase.REVOKED
              ? Failure.conflict("revoke it first (mammatus node revoke NAME)")
              : null;
      case FLAVOR ->
          cloud.instances().stream().anyMatch(i -> i.spec().flavor().equals(old.name()))
              ? Failure.conflict("instances have it: delete them first")
              : null;
      case IMAGE -> imageInUse(cloud, old);
      case KEY, INSTANCE -> null;
    };
  }

  /** An image is needed until its instances are made; after that they are without it. */
  private static @Nullable Failure imageInUse(Cloud cloud, Resource<?, ?> image) {
    String waiting =
        cloud.instances().stream()
            .filter(i -> i.spec().image().equals(image.name()))
            .filter(i -> !i.status().created() && !i.metadata().isDeleting())
            .filter(i -> i.status().phase() != InstancePhase.LOST)
            .map(Resource::name)
            .sorted()
            .collect(Collectors.joining(", "));
    return waiting.isEmpty()
        ? null
        : Failure.conflict(
            "instances are still to be made of it: wait until they run, or delete them first: "
                + waiting);
  }

  private static @Nullable Failure networkInUse(Cloud cloud, Resource<?, ?> network) {
    boolean used =
        cloud.instances().stream().anyMatch(i -> i.spec().network().equals(network.name()))
            || cloud.machines().stream()
                .map(m -> m.status().network())
                .anyMatch(id -> id != null && id.uid().equals(network.id()));
    return used ? Failure.conflict("machines or instances are on it: delete them first") : null;
  }
}
