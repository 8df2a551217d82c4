/** What can be said about a rack without one. */
@NullMarked
package io.mammatus.lab.rack;

import org.jspecify.annotations.NullMarked;
