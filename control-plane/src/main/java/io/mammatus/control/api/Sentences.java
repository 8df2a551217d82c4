package io.mammatus.control.api;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.InstanceEvent.InstanceHeld;
import io.mammatus.core.log.InstanceEvent.InstanceObserved;
import io.mammatus.core.log.InstanceEvent.InstancePlaced;
import io.mammatus.core.log.MachineEvent.AdmissionRejected;
import io.mammatus.core.log.MachineEvent.AdmissionRequested;
import io.mammatus.core.log.MachineEvent.CardsContested;
import io.mammatus.core.log.MachineEvent.MachineAccepted;
import io.mammatus.core.log.MachineEvent.MachineEnrolled;
import io.mammatus.core.log.MachineEvent.MachineInventoried;
import io.mammatus.core.log.MachineEvent.NicAdded;
import io.mammatus.core.log.MachineEvent.NicMoved;
import io.mammatus.core.log.NodeEvent.CapacityReported;
import io.mammatus.core.log.NodeEvent.CertificateIssued;
import io.mammatus.core.log.NodeEvent.NodeConnected;
import io.mammatus.core.log.NodeEvent.NodeConverged;
import io.mammatus.core.log.NodeEvent.NodeDisconnected;
import io.mammatus.core.log.NodeEvent.NodeRevoked;
import io.mammatus.core.log.ResourceEvent.DeletionRequested;
import io.mammatus.core.log.ResourceEvent.ResourceDeleted;
import io.mammatus.core.log.ResourceEvent.SpecApplied;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Resource;
import io.mammatus.platform.json.Words;

/** What happened, as a sentence for people. */
final class Sentences {

  private Sentences() {}

  /**
   * The event as a sentence.
   *
   * @param cloud knows the names of what still exists
   */
  static String of(Event event, Cloud cloud) {
    return switch (event) {
      case SpecApplied e -> "%s %s is wanted as described".formatted(e.kind().singular(), e.name());
      case DeletionRequested e -> "its deletion was asked for";
      case ResourceDeleted e ->
          e.reason().equals("deleted") ? "it is gone" : "it is gone (" + e.reason() + ")";
      case MachineEnrolled e ->
          "heard for the first time, from %s%s; it is %s and keeps the address %s"
              .formatted(
                  e.mac(),
                  e.firmware() == null ? "" : " (" + e.firmware() + ")",
                  e.name(),
                  e.address());
      case NicAdded e -> "its agent reported another network card, " + e.mac();
      case NicMoved e -> "the network card %s moved from one machine to another".formatted(e.mac());
      case CardsContested e ->
          e.message().isEmpty()
              ? "the agent of %s reports no network cards of other machines any more"
                  .formatted(machine(cloud, e.machine()))
              : "the agent of %s reports the network card %s: it stays there until an operator writes it into spec.macs of %s"
                  .formatted(machine(cloud, e.machine()), e.message(), machine(cloud, e.machine()));
      case AdmissionRequested e ->
          "an agent at %s asks to be admitted with the key %s".formatted(e.from(), e.fingerprint());
      case AdmissionRejected e -> "the key %s was turned down".formatted(e.fingerprint());
      case MachineAccepted e ->
          "the key %s was accepted (by %s): it becomes a node"
              .formatted(e.fingerprint(), e.policy());
      case MachineInventoried e -> inventory(e.inventory());
      case CertificateIssued e ->
          "the node has a certificate (serial %s) until %s".formatted(e.serial(), e.notAfter());
      case NodeConnected e -> "its agent is connected";
      case NodeDisconnected e -> "its agent's connection ended: " + e.reason();
      case CapacityReported e ->
          "instances may use %d CPUs, %d MiB of memory and %d GiB of disk%s"
              .formatted(
                  e.capacity().cpus(),
                  e.capacity().memoryMiB(),
                  e.capacity().diskGiB(),
                  e.capacity().stateDisk() ? "" : " (in memory: nothing survives a power cycle)");
      case NodeConverged e -> "it does all that it should, as of position " + e.generation();
      case NodeRevoked e -> "its certificate was revoked: " + e.reason();
      case InstancePlaced e ->
          "placed on %s with the address %s (%s)"
              .formatted(node(cloud, e.node()), e.address(), e.mac());
      case InstanceHeld e -> "it waits: " + either(e.message(), e.reason());
      case InstanceObserved e -> observed(e);
    };
  }

  private static String inventory(Inventory hardware) {
    return "its hardware: %s, %d CPUs, %d MiB of memory, %d disks, %d network cards, %s"
        .formatted(
            hardware.cpuModel(),
            hardware.cpus(),
            hardware.memoryMiB(),
            hardware.disks().size(),
            hardware.nics().size(),
            hardware.firmware());
  }

  private static String observed(InstanceObserved e) {
    String why = either(e.message(), e.reason());
    return "it is " + Words.hyphenated(e.phase().name()) + (why.isEmpty() ? "" : ": " + why);
  }

  private static String node(Cloud cloud, NodeId id) {
    return cloud.node(id).map(Resource::name).map("node "::concat).orElse("a node that is gone");
  }

  private static String machine(Cloud cloud, MachineId id) {
    return cloud.machine(id).map(Resource::name).orElse("a machine that is gone");
  }

  private static String either(String message, String reason) {
    return message.isEmpty() ? reason : message;
  }
}
