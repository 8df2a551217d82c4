package io.mammatus.core.resource;

/** Which resource: its kind and its identity. */
public record Ref(Kind kind, Uid id) {}
