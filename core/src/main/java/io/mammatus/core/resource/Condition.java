package io.mammatus.core.resource;

import java.time.Instant;

/**
 * One thing that holds or does not, and why.
 *
 * @param type a stable word, such as {@code placed}
 * @param holds whether it is so
 * @param reason a stable code for programs, such as {@code no-room}
 * @param message a sentence for people that says what to do
 * @param since when it last changed
 */
public record Condition(String type, boolean holds, String reason, String message, Instant since) {}
