/** What a machine is: how it is recognised, and the states it goes through. */
@NullMarked
package io.mammatus.core.machine;

import org.jspecify.annotations.NullMarked;
