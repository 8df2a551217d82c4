/**
 * From the cloud as it is to the decisions that nobody has to ask for, and to each node's desired
 * state.
 */
@NullMarked
package io.mammatus.core.planner;

import org.jspecify.annotations.NullMarked;
