/**
 * {@code mammatus doctor}: looks at what the boot server needs, and fetches from the running one as
 * a machine would, with clients that others wrote.
 */
@NullMarked
package io.mammatus.launcher.doctor;

import org.jspecify.annotations.NullMarked;
