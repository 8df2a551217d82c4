package io.mammatus.pxe.dhcp;

import io.mammatus.core.machine.Sighting;

/**
 * Hears of network cards that nobody knows. If the control plane enrols the card and the view
 * changes within three seconds, the client's first packet still gets its answer.
 */
@FunctionalInterface
public interface Sightings {

  /**
   * Called on an event loop: must return at once.
   *
   * @param sighting the card, and what its firmware says
   * @param vendorClass option 60 with everything but printable ASCII replaced, maybe empty
   */
  void seen(Sighting sighting, String vendorClass);
}
