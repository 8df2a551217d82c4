/** The cloud as a process of its own in the rack's namespace. */
@NullMarked
package io.mammatus.lab.cloud;

import org.jspecify.annotations.NullMarked;
