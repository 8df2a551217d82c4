package io.mammatus.core.machine;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.MachineEvent.CardsContested;
import io.mammatus.core.log.MachineEvent.NicAdded;
import io.mammatus.core.log.MachineEvent.NicMoved;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Condition;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachinePhase;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
 *   <li>A card of a machine that was admitted stays where it is, whatever another agent says and
 *       whether its own is connected or not: an admitted node may be in wrong hands, and machines
 *       that are off cannot object. So does a card that an operator wrote into a machine's spec.
 *       What the other agent says is recorded at both machines.
 *   <li>Any other card that another machine had moves to the machine whose agent reports it. That
 *       is a fact of hardware: the agent was admitted, and sees the card.
 *   <li>An operator moves a card, by writing it into the other machine's spec; not from a machine
 *       that is up, which has it, and not against another spec.
 *   <li>A machine that loses its last card this way, and never had an agent, was that same machine
 *       heard by its other card: it goes away. One that was admitted stays, without cards, until an
 *       operator deletes it.
 * </ol>
 */
public final class MachineIdentity {

  /** The type of the condition that says whether all cards that an agent reports are its own. */
  public static final String CARDS = "cards";

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
    Map<Mac, Resource<MachineSpec, MachineStatus>> contested = new LinkedHashMap<>();
    for (Inventory.Nic nic : inventory.nics()) {
      Mac mac = nic.mac();
      Optional<Resource<MachineSpec, MachineStatus>> owner = other(cloud, mac, machine);
      if (cloud.owner(mac).isEmpty()) {
        events.add(new NicAdded(machine, mac));
      } else if (owner.isPresent() && stays(owner.get(), mac)) {
        contested.put(mac, owner.get());
      } else if (owner.isPresent()) {
        taken.add(mac);
        events.add(new NicMoved(new MachineId(owner.get().id()), machine, mac));
      }
    }
    events.addAll(emptied(cloud, taken));
    cloud.machine(machine).map(m -> said(m, contested)).ifPresent(events::addAll);
    return events;
  }

  /** The machine that has a card, if it is another than this. */
  private static Optional<Resource<MachineSpec, MachineStatus>> other(
      Cloud cloud, Mac mac, @Nullable MachineId self) {
    return byCard(cloud, mac).filter(id -> !id.equals(self)).flatMap(cloud::machine);
  }

  private static boolean stays(Resource<MachineSpec, MachineStatus> owner, Mac mac) {
    return owner.status().node() != null || owner.spec().macs().contains(mac);
  }

  /** The event that says which cards are contested, unless its condition says so already. */
  private static List<Event> said(
      Resource<MachineSpec, MachineStatus> machine,
      Map<Mac, Resource<MachineSpec, MachineStatus>> contested) {
    String message =
        contested.entrySet().stream()
            .map(card -> "%s, which is %s's".formatted(card.getKey(), card.getValue().name()))
            .collect(Collectors.joining("; "));
    String known =
        machine.status().conditions().stream()
            .filter(condition -> condition.type().equals(CARDS))
            .map(Condition::message)
            .findFirst()
            .orElse("");
    if (message.equals(known)) {
      return List.of();
    }
    List<MachineId> owners =
        contested.values().stream().map(owner -> new MachineId(owner.id())).distinct().toList();
    return List.of(new CardsContested(new MachineId(machine.id()), owners, message));
  }

  /**
   * Why an operator cannot give a card to a machine; empty if that can be.
   *
   * @param to the machine; null if it is only being described
   */
  public static Optional<String> whyNotGiven(Cloud cloud, Mac mac, @Nullable MachineId to) {
    if (cloud.owner(mac).filter(ref -> ref.kind() != Kind.MACHINE).isPresent()) {
      return Optional.of(mac + " belongs to an instance");
    }
    return other(cloud, mac, to)
        .flatMap(owner -> {
          String whose = mac + " belongs to machine " + owner.name();
          MachinePhase phase = owner.status().phase();
          if (to == null) {
            return Optional.of(whose + ": describe the new machine first, then give it the card");
          } else if (owner.spec().macs().contains(mac)) {
            return Optional.of(whose + ": take it out of that machine's spec.macs first");
          }
          return phase == MachinePhase.READY || phase == MachinePhase.ACCEPTED
              ? Optional.of(whose + ", which is up: switch it off first")
              : Optional.empty();
        });
  }

  /** What follows when an operator gives cards to a machine; each of them can be given. */
  public static List<Event> give(Cloud cloud, MachineId to, List<Mac> macs) {
    List<Event> events = new ArrayList<>();
    List<Mac> taken = new ArrayList<>();
    for (Mac mac : new LinkedHashSet<>(macs)) {
      other(cloud, mac, to)
          .ifPresent(owner -> {
            taken.add(mac);
            events.add(new NicMoved(new MachineId(owner.id()), to, mac));
          });
    }
    events.addAll(emptied(cloud, taken));
    return events;
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
