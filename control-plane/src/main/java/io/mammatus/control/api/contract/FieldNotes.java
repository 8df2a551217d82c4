package io.mammatus.control.api.contract;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.platform.json.Json;
import java.util.HashMap;
import java.util.Map;

/**
 * What the contract says of each field beside its type: a sentence, and the limits that the
 * records' constructors keep. The records' own comments are not there at run time; a test demands a
 * note for every component.
 */
final class FieldNotes {

  /** RECORD.FIELD | sentence | JSON Schema keywords. */
  private static final String NOTES =
      """
      Metadata.id | Never changes and is never used again.
      Metadata.name | Unique among the resources of one kind.
      Metadata.workspace | Who it belongs to.
      Metadata.labels | Free words for finding it again.
      Metadata.version | Grows with every change; the ETag.
      Metadata.createdAt | When it came into being.
      Metadata.deletedAt | When its deletion was asked for.
      Condition.type | A stable word, such as placed.
      Condition.holds | Whether it is so.
      Condition.reason | A stable code for programs.
      Condition.message | A sentence that says what to do.
      Condition.since | When it last changed.
      NetworkSpec.cidr | Its addresses.
      NetworkSpec.interfaceName | The server's interface on it. | {"pattern":"^[A-Za-z0-9_.:-]{1,15}$"}
      NetworkSpec.server | The server's own address on it.
      NetworkSpec.gateway | The way out for machines and instances.
      NetworkSpec.machines | Addresses for machines.
      NetworkSpec.instances | Addresses for instances.
      NetworkSpec.dns | Name servers that clients are told of. | {"maxItems":8}
      NetworkSpec.domain | The domain that clients are told of. | {"maxLength":253}
      NetworkSpec.lease | How long an address is leased, from PT1M to P365D; read in the form 1h, too.
      NetworkSpec.dhcp | What its DHCP says beyond that.
      DhcpSpec.mode | How it is served; serve if absent.
      DhcpSpec.unknown | What a firmware that nobody knows gets; enrol if absent.
      DhcpSpec.pools | Addresses for whoever is neither machine nor instance. | {"maxItems":64}
      DhcpSpec.exclusions | Addresses in the pools that are never given. | {"maxItems":1024}
      DhcpSpec.reservations | Addresses of cards that are neither machines nor instances. | {"maxItems":16384}
      DhcpSpec.search | Domains to look names up in (option 119). | {"maxItems":16}
      DhcpSpec.ntp | Time servers (option 42). | {"maxItems":8}
      DhcpSpec.mtu | The largest packet on the link, octets (option 26). | {"minimum":576,"maximum":65535}
      DhcpSpec.routes | Routes beside the default one (options 121 and 249). | {"maxItems":64}
      DhcpSpec.options | Further options, which replace what the server would say itself. | {"maxItems":64}
      DhcpSpec.leasesPerPort | How many addresses of the pools one port of a relay gets. | {"minimum":1}
      DhcpSpec.leasesPerRelay | How many addresses of the pools one relay gets. | {"minimum":1}
      DhcpSpec.probe | Whether an address is looked for on the link (ARP) before it is offered.
      DhcpSpec.relays | The only relays that are believed for it, by giaddr; any if empty. | {"maxItems":64}
      Reservation.mac | The network card.
      Reservation.address | Its address.
      Reservation.hostName | What it is told that it is called. | {"maxLength":63}
      StaticRoute.to | Where to.
      StaticRoute.via | By whom.
      RawOption.code | The option's number. | {"minimum":1,"maximum":254}
      RawOption.hex | Its octets in hexadecimal. | {"maxLength":1020}
      ImageSpec.version | What tells two builds of it apart. | {"minLength":1,"maxLength":128}
      ImageSpec.files | Files by role: rootfs (squashfs) and metadata (LXD's tarball). | {"required":["rootfs","metadata"],"maxProperties":16}
      Blob.sha256 | The digest of the content. | {"pattern":"^[0-9a-f]{64}$"}
      Blob.bytes | The length in bytes. | {"minimum":0}
      FlavorSpec.cpus | Processors that an instance may use at once. | {"minimum":1,"maximum":1024}
      FlavorSpec.memoryMiB | Memory that is set aside for it, in MiB. | {"minimum":64}
      FlavorSpec.diskGiB | Room for its root file system, in GiB. | {"minimum":1}
      KeySpec.publicKey | One line as OpenSSH writes it: type, base64, comment. | {"maxLength":16384}
      MachineSpec.macs | Network cards known beforehand; more are learnt. | {"maxItems":64}
      MachineSpec.boot | What its firmware is given; image if absent, disk for its own disk.
      MachineSpec.fingerprint | The agent key that is admitted without asking. | {"pattern":"^sha256:[0-9a-f]{64}$"}
      MachineStatus.phase | What it is.
      MachineStatus.macs | Its network cards, the one it was first heard on first.
      MachineStatus.address | The one address that it keeps.
      MachineStatus.network | The id of the network where it was heard.
      MachineStatus.smbiosUuid | What its firmware says; boards repeat these.
      MachineStatus.firmware | bios, uefi-x64 and so on, as its ROM said.
      MachineStatus.pending | Fingerprints of the keys that ask to be admitted, oldest first.
      MachineStatus.node | The id of the node that it is, once accepted.
      MachineStatus.inventory | What its agent reported.
      MachineStatus.conditions | What holds of it, and why.
      Inventory.cpuModel | As the kernel names it.
      Inventory.cpus | Logical processors.
      Inventory.memoryMiB | Memory that the kernel has, in MiB.
      Inventory.firmware | bios or uefi.
      Inventory.smbiosUuid | SMBIOS type 1 UUID.
      Inventory.vendor | SMBIOS system manufacturer.
      Inventory.product | SMBIOS product name.
      Inventory.serial | SMBIOS serial number.
      Inventory.disks | Whole disks.
      Inventory.nics | Network cards.
      Disk.name | As the kernel names it.
      Disk.bytes | Its size.
      Disk.rotational | Whether it turns.
      Disk.model | As it says.
      Disk.use | state, empty, or what its signatures say.
      Nic.name | As the kernel names it.
      Nic.mac | Its address.
      Nic.up | Whether it has a link.
      Nic.booted | Whether the machine booted from it.
      NodeSpec.machine | The id of the machine that it runs on.
      NodeSpec.schedulable | Whether new instances may be placed on it.
      NodeStatus.phase | What it is.
      NodeStatus.fingerprint | Of the key that was accepted.
      NodeStatus.bootId | The kernel's boot id at its last connection.
      NodeStatus.capacity | What instances may use in all.
      NodeStatus.desiredGeneration | Position of the last change of what it should do.
      NodeStatus.observedGeneration | What it last said it had converged on.
      NodeStatus.conditions | What holds of it, and why.
      Capacity.cpus | Processors.
      Capacity.memoryMiB | Memory beyond what the node itself needs, in MiB.
      Capacity.diskGiB | Room on the state disk, in GiB; 0 when there is none.
      Capacity.stateDisk | Whether what it holds survives a power cycle.
      InstanceSpec.image | Name of an image. | {"minLength":1,"maxLength":63}
      InstanceSpec.flavor | Name of a flavor. | {"minLength":1,"maxLength":63}
      InstanceSpec.network | Name of a network. | {"minLength":1,"maxLength":63}
      InstanceSpec.keys | Names of SSH keys that may log in. | {"maxItems":64}
      InstanceSpec.userData | Given to cloud-init as it is; at most 16 KiB. | {"maxLength":16384}
      InstanceStatus.phase | What it is.
      InstanceStatus.node | The id of the node where it is placed.
      InstanceStatus.mac | Its network card's address.
      InstanceStatus.address | Its address.
      InstanceStatus.created | Whether its node ever reported having it.
      InstanceStatus.conditions | What holds of it, and why.
      AvailableStatus.phase | Always available.
      AvailableStatus.conditions | What holds of it, and why.
      """;

  private static final Map<String, Note> BY_FIELD = read();

  private FieldNotes() {}

  /** A sentence and further keywords. */
  record Note(String description, ObjectNode keywords) {}

  /**
   * The note of a record's component.
   *
   * @throws IllegalStateException if there is none: the contract has no undocumented field
   */
  static Note of(Class<?> type, String component) {
    Note note = BY_FIELD.get(type.getSimpleName() + "." + component);
    if (note == null) {
      throw new IllegalStateException(
          "FieldNotes has no line for " + type.getSimpleName() + "." + component);
    }
    return note;
  }

  private static Map<String, Note> read() {
    Map<String, Note> notes = new HashMap<>();
    NOTES
        .lines()
        .map(line -> line.split(" \\| ", 3))
        .forEach(part ->
            notes.put(
                part[0],
                new Note(
                    part[1],
                    part.length == 3
                        ? Json.strict().read(part[2], ObjectNode.class)
                        : Json.strict().mapper().createObjectNode())));
    return notes;
  }
}
