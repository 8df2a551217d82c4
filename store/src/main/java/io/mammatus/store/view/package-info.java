/** The cloud in memory, kept current from the log: what every process answers from. */
@NullMarked
package io.mammatus.store.view;

import org.jspecify.annotations.NullMarked;
