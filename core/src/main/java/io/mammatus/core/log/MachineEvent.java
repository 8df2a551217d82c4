package io.mammatus.core.log;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Ref;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What happens to machines. */
public sealed interface MachineEvent extends Event {

  /** It was heard on a network for the first time and was given an address. */
  record MachineEnrolled(
      MachineId machine,
      String name,
      Mac mac,
      IpAddress address,
      NetworkId network,
      @Nullable String smbiosUuid,
      @Nullable String firmware)
      implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(machine.ref());
    }
  }

  /** Its agent reported a network card that no machine had. */
  record NicAdded(MachineId machine, Mac mac) implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(machine.ref());
    }
  }

  /**
   * A network card went from one machine to another: its agent reported it, or an operator said so.
   */
  record NicMoved(MachineId from, MachineId to, Mac mac) implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(from.ref(), to.ref());
    }
  }

  /**
   * Its agent reported network cards that are other machines' and stay there.
   *
   * @param message which cards, and whose they are; empty if there are none any more
   */
  record CardsContested(MachineId machine, List<MachineId> owners, String message)
      implements MachineEvent {
    public CardsContested {
      owners = List.copyOf(owners);
    }

    @Override
    public List<Ref> subjects() {
      return Stream.concat(Stream.of(machine), owners.stream()).map(MachineId::ref).toList();
    }
  }

  /** An agent with this key asks to be admitted as this machine. */
  record AdmissionRequested(MachineId machine, String fingerprint, IpAddress from)
      implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(machine.ref());
    }
  }

  /** An operator does not want this key. */
  record AdmissionRejected(MachineId machine, String fingerprint) implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(machine.ref());
    }
  }

  /**
   * The key was admitted; the machine becomes this node.
   *
   * @param policy what admitted it: {@code fingerprint}, {@code name} or {@code registered}
   */
  record MachineAccepted(MachineId machine, NodeId node, String fingerprint, String policy)
      implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(machine.ref(), node.ref());
    }
  }

  /** Its agent reported its hardware. */
  record MachineInventoried(MachineId machine, Inventory inventory) implements MachineEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(machine.ref());
    }
  }
}
