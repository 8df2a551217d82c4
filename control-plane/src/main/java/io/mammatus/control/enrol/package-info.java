/** Machines that are heard become machines that are known. */
@NullMarked
package io.mammatus.control.enrol;

import org.jspecify.annotations.NullMarked;
