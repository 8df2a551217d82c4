package io.mammatus.core.resource;

import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a machine.
 *
 * @param macs its network cards, the one it was first heard on first
 * @param address the one address it keeps, whatever asks for it
 * @param network where it was heard
 * @param smbiosUuid what its firmware says; boards repeat these, so it never identifies alone
 * @param firmware {@code bios}, {@code uefi-x64} …, as its ROM said
 * @param pending fingerprints of the keys that ask to be admitted, oldest first, at most {@link
 *     #MAX_PENDING}
 * @param node the node that it is, once accepted
 * @param inventory what its agent reported
 */
public record MachineStatus(
    MachinePhase phase,
    List<Mac> macs,
    @Nullable IpAddress address,
    @Nullable NetworkId network,
    @Nullable String smbiosUuid,
    @Nullable String firmware,
    List<String> pending,
    @Nullable NodeId node,
    @Nullable Inventory inventory,
    List<Condition> conditions)
    implements Status {

  /** More keys than this asking for one machine is an attack; the rest are refused. */
  public static final int MAX_PENDING = 4;

  public MachineStatus {
    macs = List.copyOf(macs);
    pending = List.copyOf(pending);
    conditions = List.copyOf(conditions);
  }

  /** A machine of which only its spec is known. */
  public static MachineStatus registered(List<Mac> macs) {
    return new MachineStatus(
        MachinePhase.REGISTERED, macs, null, null, null, null, List.of(), null, null, List.of());
  }

  public MachineStatus withPhase(MachinePhase changed) {
    return new MachineStatus(
        changed,
        macs,
        address,
        network,
        smbiosUuid,
        firmware,
        pending,
        node,
        inventory,
        conditions);
  }

  public MachineStatus withMacs(Collection<Mac> changed) {
    return new MachineStatus(
        phase,
        List.copyOf(changed),
        address,
        network,
        smbiosUuid,
        firmware,
        pending,
        node,
        inventory,
        conditions);
  }

  public MachineStatus withPending(List<String> changed) {
    return new MachineStatus(
        phase, macs, address, network, smbiosUuid, firmware, changed, node, inventory, conditions);
  }

  public MachineStatus withNode(@Nullable NodeId changed) {
    return new MachineStatus(
        phase,
        macs,
        address,
        network,
        smbiosUuid,
        firmware,
        pending,
        changed,
        inventory,
        conditions);
  }

  public MachineStatus withInventory(Inventory changed) {
    return new MachineStatus(
        phase,
        macs,
        address,
        network,
        changed.smbiosUuid() == null ? smbiosUuid : changed.smbiosUuid(),
        firmware,
        pending,
        node,
        changed,
        conditions);
  }

  /** Replaces the condition of the same type. */
  public MachineStatus with(Condition condition) {
    List<Condition> changed = new ArrayList<>(conditions);
    changed.removeIf(c -> c.type().equals(condition.type()));
    changed.add(condition);
    return new MachineStatus(
        phase, macs, address, network, smbiosUuid, firmware, pending, node, inventory, changed);
  }

  /** Its address, network and firmware as first heard. */
  public MachineStatus heard(
      IpAddress newAddress,
      NetworkId newNetwork,
      @Nullable String newUuid,
      @Nullable String newFirmware) {
    return new MachineStatus(
        phase == MachinePhase.REGISTERED ? MachinePhase.DISCOVERED : phase,
        macs,
        newAddress,
        newNetwork,
        newUuid,
        newFirmware,
        pending,
        node,
        inventory,
        conditions);
  }
}
