package io.mammatus.core.resource;

/** What somebody wants of a resource. Constructors refuse what could never be right. */
public sealed interface Spec
    permits NetworkSpec, ImageSpec, FlavorSpec, KeySpec, MachineSpec, NodeSpec, InstanceSpec {}
