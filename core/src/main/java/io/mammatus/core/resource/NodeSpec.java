package io.mammatus.core.resource;

/**
 * What an operator says of a node.
 *
 * @param machine the machine it runs on
 * @param schedulable whether new instances may be placed on it
 */
public record NodeSpec(MachineId machine, boolean schedulable) implements Spec {}
