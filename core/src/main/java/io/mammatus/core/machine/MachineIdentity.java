package io.mammatus.core.machine;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.MachineEvent.NicAdded;
import io.mammatus.core.log.MachineEvent.NicMoved;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which machine is this? The rule, in order:
 *
 * <ol>
 *   <li>On the wire a machine is its MAC address. A network card belongs to at most one machine.
 *   <li>A card that no machine has is a new machine, whatever SMBIOS UUID comes with it: cheap
 *       boards are sold with one UUID for a whole batch, with all zeros or all ones, so a UUID
 *       never joins two machines.
 *   <li>Only an admitted agent joins cards: all the cards that it reports are its machine's, from
 *       then on.
 *   <li>A card of a machine whose own agent is admitted and connected stays where it is, whatever
 *       another agent says: an admitted node may be in wrong hands.
 *   <li>Any other card that another machine had moves to the machine whose agent reports it. That
 *       is a fact of hardware: the agent was admitted, and sees the card.
 *   <li>A machine that loses its last card this way, and never had an agent, was that same machine
 *       heard by its other card: it goes away. One that was admitted stays, without cards, until an
 *       operator deletes it.
 * </ol>
 */
public final class MachineIdentity {

  private MachineIdentity() {}

  /** The machine that a card belongs to. */
  public static Optional<MachineId> byCard(Cloud cloud, Mac mac) {
    return cloud
        .owner(mac)
        .filter(ref -> ref.kind() == Kind.MACHINE)
        .map(ref -> new MachineId(ref.id()));
  }

  /** What follows from an admitted agent's report of its cards. */
  public static List<Event> joinCards(Cloud cloud, MachineId machine, Inventory inventory) {
    List<Event> events = new ArrayList<>();
    List<Mac> taken = new ArrayList<>();
    for (Inventory.Nic nic : inventory.nics()) {
      Optional<Ref> owner = cloud.owner(nic.mac());
      if (owner.isEmpty()) {
        events.add(new NicAdded(machine, nic.mac()));
      } else if (owner.get().kind() == Kind.MACHINE
          && !owner.get().equals(machine.ref())
          && !isInUse(cloud, new MachineId(owner.get().id()))) {
        taken.add(nic.mac());
        events.add(new NicMoved(new MachineId(owner.get().id()), machine, nic.mac()));
      }
    }
    events.addAll(emptied(cloud, taken));
    return events;
  }

  private static boolean isInUse(Cloud cloud, MachineId owner) {
    return cloud
        .machine(owner)
        .map(m -> m.status().phase())
        .filter(phase -> phase == MachinePhase.READY || phase == MachinePhase.ACCEPTED)
        .isPresent();
  }

  private static List<Event> emptied(Cloud cloud, List<Mac> taken) {
    return taken.stream()
        .flatMap(mac -> byCard(cloud, mac).stream())
        .distinct()
        .flatMap(id -> cloud.machine(id).stream())
        .filter(other -> taken.containsAll(other.status().macs()) && neverHadAnAgent(other))
        .<Event>map(
            other -> new ResourceDeleted(other.ref(), "its network card is another machine's"))
        .toList();
  }

  private static boolean neverHadAnAgent(Resource<MachineSpec, MachineStatus> machine) {
    return machine.status().node() == null
        && machine.spec().equals(MachineSpec.DISCOVERED)
        && machine.status().phase() == MachinePhase.DISCOVERED;
  }
}
