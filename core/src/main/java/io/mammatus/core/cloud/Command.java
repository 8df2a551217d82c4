package io.mammatus.core.cloud;

import io.mammatus.core.machine.Sighting;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.resource.Inventory;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.NodeStatus.Capacity;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that somebody asks for or reports. Whatever is random in what follows (new ids) comes
 * with the command, so that deciding stays a function.
 */
public sealed interface Command {

  /**
   * Let there be this resource, or let it be so.
   *
   * @param newId the id it gets if it is new
   * @param labels null leaves them as they are
   * @param ifVersion refuse unless it has this version; 0 demands that it is new
   */
  record Apply(
      Kind kind,
      Uid newId,
      String workspace,
      String name,
      @Nullable Map<String, String> labels,
      Spec spec,
      @Nullable Long ifVersion)
      implements Command {}

  /** Let it be gone. */
  record Delete(Kind kind, String workspace, String name, @Nullable Long ifVersion)
      implements Command {}

  /** A network card was heard that may belong to no machine yet. */
  record Enrol(MachineId newId, Sighting sighting) implements Command {}

  /**
   * An agent without a certificate asks to be let in.
   *
   * @param bootMac the network card that it says it booted from
   * @param from the address that it calls from
   * @param newNode the node it becomes if it was registered beforehand
   */
  record RequestAdmission(Mac bootMac, String fingerprint, IpAddress from, NodeId newNode)
      implements Command {}

  /**
   * An operator lets a machine in.
   *
   * @param fingerprint the key that the operator saw on the machine's own console; absent to accept
   *     by name alone
   * @param byNameAllowed whether policy lets the name alone suffice
   */
  record AcceptMachine(
      String name, @Nullable String fingerprint, boolean byNameAllowed, NodeId newNode)
      implements Command {}

  /** An operator turns one key down. */
  record RejectKey(String name, String fingerprint) implements Command {}

  /** The CA signed a node's key. */
  record RecordCertificate(NodeId node, String serial, Instant notAfter) implements Command {}

  /** An operator takes a node's certificate away. */
  record RevokeNode(String name, String reason) implements Command {}

  /** A node's agent connected. */
  record Connect(NodeId node, String bootId) implements Command {}

  /** A node's agent is gone. */
  record Disconnect(NodeId node, String bootId, String reason) implements Command {}

  /** A node's agent read its hardware. */
  record ReportInventory(NodeId node, Inventory inventory, Capacity capacity) implements Command {}

  /** A node's agent says what is there. */
  record ReportObserved(NodeId node, NodeObserved observed) implements Command {}
}
