@NullMarked
package io.mammatus.pxe.neighbour;

import org.jspecify.annotations.NullMarked;
