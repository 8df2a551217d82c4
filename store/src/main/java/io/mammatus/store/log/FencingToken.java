package io.mammatus.store.log;

/**
 * Proves that its holder leads. Each acquisition of leadership gives a higher one, and only the
 * highest is taken.
 */
public record FencingToken(long number) {}
