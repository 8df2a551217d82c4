/**
 * Network cards that the pxe-server heard and no machine has: the pxe-server notes them, the
 * control plane is woken, enrols them, and deletes the note.
 */
@NullMarked
package io.mammatus.store.sighting;

import org.jspecify.annotations.NullMarked;
