/**
 * The one place that maps the domain's records to JSON.
 *
 * <p>The domain knows nothing of Jackson; it is read by its shape instead. A record is an object
 * with its components in order, a value with a static {@code parse(String)} is a plain string, a
 * sealed interface as declared type adds a {@code "type"} property with the record's simple name,
 * an enum constant is written {@code like-this}.
 *
 * <p>Example: {@code Json.strict().read(body, MachineSpec.class)} answers the record or a {@link
 * io.mammatus.platform.json.JsonProblem} that names the field and what is wrong with it.
 */
@NullMarked
package io.mammatus.platform.json;

import org.jspecify.annotations.NullMarked;
