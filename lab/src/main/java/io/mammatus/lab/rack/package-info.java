/** Machines and their network, virtual: QEMU on a bridge in a network namespace. */
@NullMarked
package io.mammatus.lab.rack;

import org.jspecify.annotations.NullMarked;
