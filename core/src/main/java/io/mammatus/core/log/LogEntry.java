package io.mammatus.core.log;

import java.time.Instant;

/**
 * An event in its envelope.
 *
 * @param position dense and in commit order, from 1
 * @param at when it was decided
 * @param actor who: {@code admin}, {@code planner}, {@code node:NAME}, {@code pxe-server} …
 * @param cause what it answers, such as {@code api:POST /v1/instances} or {@code dhcp:discover}
 * @param traceId 32 hexadecimal digits that tie together what one cause led to (W3C Trace Context)
 */
public record LogEntry(
    long position, Instant at, String actor, String cause, String traceId, Event event) {}
