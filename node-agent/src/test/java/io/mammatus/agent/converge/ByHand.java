package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;

/** What people and crashes do behind a driver's back, and what there is to see of it. */
public interface ByHand {

  void stop(InstanceId instance);

  void pause(InstanceId instance);

  /** The image's bytes are in; the driver was killed before it could say what they are. */
  void leaveUnnamed(ImageDesired image);

  /** The making of it began and was never ended. */
  void leaveHalfMade(InstanceDesired instance);

  /** Makes an image and a container that are not the driver's. */
  void makeForeign();

  /** Whether both are there as they were made. */
  boolean isForeignUntouched();

  /** All images, whoever they belong to. */
  int images();

  /** All containers, whoever they belong to. */
  int containers();
}
