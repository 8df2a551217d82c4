package io.mammatus.core.resource;

import java.util.List;

/** What is known of a resource: a phase, and conditions that say why. */
public sealed interface Status permits AvailableStatus, MachineStatus, NodeStatus, InstanceStatus {

  List<Condition> conditions();
}
