package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;

/** One thing to do. */
public sealed interface Step {
  record Fetch(ImageDesired image) implements Step {}

  record Create(InstanceDesired instance, ImageDesired image) implements Step {}

  record Run(InstanceId instance) implements Step {}

  record Destroy(InstanceId instance) implements Step {}

  /**
   * Lets an image go that is not to be kept at hand any more.
   *
   * @param image by {@link Steps#key}
   */
  record Forget(String image) implements Step {}
}
