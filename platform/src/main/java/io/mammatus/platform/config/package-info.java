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
 * map are empty; {@code @Nullable} is null; anything else is required.
 *
 * <p>What a single value may be is said by its type's parse method, or by {@link
 * io.mammatus.platform.config.Range}, {@link io.mammatus.platform.config.Matches} and {@link
 * io.mammatus.platform.config.NotEmpty} at the component: those are reported whatever else is
 * wrong. The constructor checks what holds between good values, and reports it by {@link
 * io.mammatus.platform.config.Faults}; for that all of its own values have to be good.
 */
@NullMarked
package io.mammatus.platform.config;

import org.jspecify.annotations.NullMarked;
