/** What a node is told and what it reports: whole states, never steps. */
@NullMarked
package io.mammatus.core.node;

import org.jspecify.annotations.NullMarked;
