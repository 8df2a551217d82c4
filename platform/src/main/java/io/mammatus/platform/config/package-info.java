/**
 * Configuration: a YAML file becomes a record, one record per concern.
 *
 * <p>Example: for {@code record Http(@Default("127.0.0.1:8080") HostPort listen, @Default("30s")
 * Duration idle) {}} the call {@code ConfigReader.read(file, Http.class)} answers the record, or
 * throws {@link io.mammatus.platform.config.ConfigProblems} with every problem of the file at once,
 * each with its key, its line and what to do.
 *
 * <p>Keys are the components' names. A component without a value takes its {@link
 * io.mammatus.platform.config.Default}; a nested record its own defaults; an Optional, a list and a
 * map are empty; {@code @Nullable} is null; anything else is required. What a value may be is
 * checked in the record's canonical constructor, by an IllegalArgumentException with a sentence.
 */
@NullMarked
package io.mammatus.platform.config;

import org.jspecify.annotations.NullMarked;
