package io.mammatus.agent.lxd;

import io.mammatus.agent.converge.Actual;
import io.mammatus.agent.converge.InstanceDriver;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** On a machine that runs no instances. It reports no capacity, so nothing is ever placed on it. */
public final class NoDriver implements InstanceDriver {

  @Override
  public Future<Void> start() {
    return Future.succeededFuture();
  }

  @Override
  public Future<Actual> inspect() {
    return Future.succeededFuture(new Actual(Set.of(), Map.of(), Set.of()));
  }

  @Override
  public Future<Void> fetch(ImageDesired image) {
    return nothing();
  }

  @Override
  public Future<Void> create(InstanceDesired instance, ImageDesired image) {
    return nothing();
  }

  @Override
  public Future<Void> run(InstanceId instance) {
    return nothing();
  }

  @Override
  public Future<Void> forget(String image) {
    return Future.succeededFuture();
  }

  @Override
  public Future<Void> destroy(InstanceId instance) {
    return Future.succeededFuture();
  }

  private static Future<Void> nothing() {
    return Future.failedFuture(
        "this node runs no instances: its configuration names no LXD socket");
  }
}
