package io.mammatus.core.cloud;

import static io.mammatus.core.cloud.Decision.nothing;
import static io.mammatus.core.cloud.Decision.refuse;

import io.mammatus.core.cloud.Command.AcceptMachine;
import io.mammatus.core.cloud.Command.Enrol;
import io.mammatus.core.cloud.Command.RejectKey;
import io.mammatus.core.cloud.Command.RequestAdmission;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.MachineEvent.AdmissionRejected;
import io.mammatus.core.log.MachineEvent.AdmissionRequested;
import io.mammatus.core.log.MachineEvent.MachineAccepted;
import io.mammatus.core.log.MachineEvent.MachineEnrolled;
import io.mammatus.core.log.NodeEvent.NodeRevoked;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.machine.MachineIdentity;
import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.AvailableStatus;
import io.mammatus.core.resource.DhcpSpec.Reservation;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How a machine comes in: heard, asking, accepted. */
final class Admission {

  private Admission() {}

  static Decision enrol(Cloud cloud, Enrol c) {
    Sighting seen = c.sighting();
    Optional<MachineId> known = MachineIdentity.byCard(cloud, seen.mac());
    boolean settled =
        cloud.owner(seen.mac()).isPresent()
            && known.flatMap(cloud::machine).map(m -> m.status().address() != null).orElse(true);
    if (settled) {
      return nothing();
    }
    Optional<Resource<NetworkSpec, AvailableStatus>> network =
        cloud.networks().stream().filter(n -> isOn(n.spec(), seen)).findFirst();
    if (network.isEmpty()) {
      return refuse(
          Failure.notFound(
              seen.link() == null
                  ? "no network is on interface " + seen.interfaceName()
                  : "no network on interface %s has the relay's address %s"
                      .formatted(seen.interfaceName(), seen.link())));
    }
    Optional<Reservation> reserved = network.get().spec().served().reservation(seen.mac());
    Optional<Ipv4> address = addressFor(cloud, network.get().spec(), reserved);
    if (address.isEmpty()) {
      return refuse(
          Failure.exhausted(
              "every address for machines of network %s is taken: widen spec.machines"
                  .formatted(network.get().name())));
    }
    MachineId id = known.orElse(c.newId());
    String name =
        known.flatMap(cloud::machine).map(m -> m.name()).orElseGet(() -> nameFor(cloud, reserved));
    return Decision.accept(
        new MachineEnrolled(
            id,
            name,
            seen.mac(),
            address.get(),
            new NetworkId(network.get().id()),
            seen.smbiosUuid(),
            seen.firmware()));
  }

  private static boolean isOn(NetworkSpec network, Sighting seen) {
    return network.interfaceName().equals(seen.interfaceName())
        && (seen.link() != null ? network.cidr().contains(seen.link()) : !network.isRelayed());
  }

  /** The one that is reserved for its card, which nobody else is given; else one of the range. */
  private static Optional<Ipv4> addressFor(
      Cloud cloud, NetworkSpec network, Optional<Reservation> reserved) {
    return reserved
        .map(Reservation::address)
        .filter(address -> cloud.owner(address).isEmpty())
        .or(() -> Addresses.lowestFree(cloud, network.machines(), Set.of()));
  }

  /** As the reservation calls it: by that name it was known before. */
  private static String nameFor(Cloud cloud, Optional<Reservation> reserved) {
    return reserved
        .flatMap(its -> Optional.ofNullable(its.hostName()))
        .map(name -> name.toLowerCase(Locale.ROOT))
        .filter(name -> cloud.find(Kind.MACHINE, Metadata.DEFAULT_WORKSPACE, name).isEmpty())
        .orElseGet(() -> freeName(cloud));
  }

  private static String freeName(Cloud cloud) {
    // The first guess is right unless machines were deleted or named by hand.
    for (int i = cloud.count(Kind.MACHINE) + 1; ; i++) {
      String name = "machine-" + i;
      if (cloud.find(Kind.MACHINE, Metadata.DEFAULT_WORKSPACE, name).isEmpty()) {
        return name;
      }
    }
  }

  static Decision request(Cloud cloud, RequestAdmission c) {
    Optional<Resource<MachineSpec, MachineStatus>> found =
        MachineIdentity.byCard(cloud, c.bootMac()).flatMap(cloud::machine);
    if (found.isEmpty()) {
      return refuse(
          Failure.notFound(
              "no machine with the card "
                  + c.bootMac()
                  + " was heard: it asks for an address first"));
    }
    Resource<MachineSpec, MachineStatus> machine = found.get();
    MachineStatus status = machine.status();
    if (status.address() != null && !status.address().equals(c.from())) {
      return refuse(
          Failure.forbidden(
              "%s has the address %s, and this comes from %s"
                  .formatted(machine.name(), status.address(), c.from())));
    }
    if (acceptedKey(cloud, status).filter(c.fingerprint()::equals).isPresent()) {
      return nothing();
    }
    if (c.fingerprint().equals(machine.spec().fingerprint())) {
      return new Decision.Accepted(
          admit(cloud, machine, c.newNode(), c.fingerprint(), "registered"));
    }
    if (status.pending().contains(c.fingerprint())) {
      return nothing();
    }
    if (status.pending().size() >= MachineStatus.MAX_PENDING) {
      return refuse(
          Failure.forbidden(
              "%s has %d keys that ask for it already: reject the wrong ones (mammatus machine reject)"
                  .formatted(machine.name(), status.pending().size())));
    }
    return Decision.accept(
        new AdmissionRequested(new MachineId(machine.id()), c.fingerprint(), c.from()));
  }

  private static Optional<String> acceptedKey(Cloud cloud, MachineStatus status) {
    return Optional.ofNullable(status.node())
        .flatMap(cloud::node)
        .map(node -> node.status().fingerprint());
  }

  static Decision accept(Cloud cloud, AcceptMachine c) {
    Optional<Resource<MachineSpec, MachineStatus>> found = machine(cloud, c.name());
    if (found.isEmpty()) {
      return refuse(Failure.notFound("there is no machine " + c.name()));
    }
    Resource<MachineSpec, MachineStatus> machine = found.get();
    List<String> pending = machine.status().pending();
    String key = c.fingerprint();
    if (key == null && !c.byNameAllowed()) {
      return refuse(
          Failure.invalid(
              "fingerprint",
              "give the fingerprint that the machine shows on its own console (--fingerprint sha256:…)"));
    }
    if (key != null && acceptedKey(cloud, machine.status()).filter(key::equals).isPresent()) {
      return nothing();
    }
    if (pending.isEmpty()) {
      return refuse(
          Failure.conflict(
              "%s does not ask to be admitted (it is %s)"
                  .formatted(c.name(), machine.status().phase().name().toLowerCase(Locale.ROOT))));
    }
    if (key == null && pending.size() > 1) {
      return refuse(
          Failure.conflict("more than one key asks for %s: say which".formatted(c.name())));
    }
    String chosen = key == null ? pending.getFirst() : key;
    if (!pending.contains(chosen)) {
      return refuse(
          Failure.invalid(
              "fingerprint",
              "no key with this fingerprint asks for %s; asking: %s"
                  .formatted(c.name(), String.join(", ", pending))));
    }
    return new Decision.Accepted(
        admit(cloud, machine, c.newNode(), chosen, key == null ? "name" : "fingerprint"));
  }

  /**
   * A machine that comes back with another key is another node: what the old one held is lost with
   * it.
   */
  private static List<Event> admit(
      Cloud cloud,
      Resource<MachineSpec, MachineStatus> machine,
      NodeId node,
      String fingerprint,
      String policy) {
    List<Event> events = new ArrayList<>();
    MachineId id = new MachineId(machine.id());
    NodeId old = machine.status().node();
    if (old != null) {
      events.add(new NodeRevoked(old, id, "superseded"));
      events.addAll(NodeReports.lose(cloud, old, "node-replaced"));
      events.add(new ResourceDeleted(old.ref(), "superseded"));
    } else {
      cloud
          .find(Kind.NODE, Metadata.DEFAULT_WORKSPACE, machine.name())
          .ifPresent(revoked -> events.add(new ResourceDeleted(revoked.ref(), "superseded")));
    }
    events.add(new MachineAccepted(id, node, fingerprint, policy));
    return events;
  }

  static Decision reject(Cloud cloud, RejectKey c) {
    Optional<Resource<MachineSpec, MachineStatus>> found = machine(cloud, c.name());
    if (found.isEmpty()) {
      return refuse(Failure.notFound("there is no machine " + c.name()));
    }
    return found.get().status().pending().contains(c.fingerprint())
        ? Decision.accept(new AdmissionRejected(new MachineId(found.get().id()), c.fingerprint()))
        : nothing();
  }

  private static Optional<Resource<MachineSpec, MachineStatus>> machine(Cloud cloud, String name) {
    return cloud
        .find(Kind.MACHINE, Metadata.DEFAULT_WORKSPACE, name)
        .flatMap(m -> cloud.machine(new MachineId(m.id())));
  }
}
