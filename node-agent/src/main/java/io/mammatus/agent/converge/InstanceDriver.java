package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;

/**
 * What it takes to run instances. Every method may be repeated after a failure or a crash at any
 * point, and then does what is left to do.
 */
public interface InstanceDriver {

  /** Makes itself ready; fails with a sentence for people if what it drives is not there. */
  Future<Void> start();

  /** What is there of ours, and nothing of anybody else's. */
  Future<Actual> inspect();

  /** Fetches an image, checks its digests, and keeps it; nothing if it is there. */
  Future<Void> fetch(ImageDesired image);

  /**
   * Makes an instance, stopped. One with the same id that is there already is left as it is; one
   * that was left half-made is made anew.
   */
  Future<Void> create(InstanceDesired instance, ImageDesired image);

  /** Starts an instance, or lets one go on that was paused; nothing if it runs. */
  Future<Void> run(InstanceId instance);

  /**
   * Lets an image go; nothing if it is not there. Instances made of it stay as they are.
   *
   * @param image by {@link Steps#key}
   */
  Future<Void> forget(String image);

  /** Removes an instance and all it holds; nothing if it is not there. */
  Future<Void> destroy(InstanceId instance);
}
