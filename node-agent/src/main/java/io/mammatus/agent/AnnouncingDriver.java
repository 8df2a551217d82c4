package io.mammatus.agent;

import io.mammatus.agent.converge.Actual;
import io.mammatus.agent.converge.InstanceDriver;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import io.vertx.core.Future;

/** Says on the machine's console what is done to it, before it is done. */
final class AnnouncingDriver implements InstanceDriver {

  private final InstanceDriver driver;
  private final Console console;

  AnnouncingDriver(InstanceDriver driver, Console console) {
    this.driver = driver;
    this.console = console;
  }

  @Override
  public Future<Void> start() {
    return driver.start();
  }

  @Override
  public Future<Actual> inspect() {
    return driver.inspect();
  }

  @Override
  public Future<Void> fetch(ImageDesired image) {
    console.say("fetching image %s %s", image.name(), image.version());
    return driver.fetch(image);
  }

  @Override
  public Future<Void> create(InstanceDesired instance, ImageDesired image) {
    console.say("creating instance %s (%s)", instance.name(), instance.id());
    return driver.create(instance, image);
  }

  @Override
  public Future<Void> run(InstanceId instance) {
    console.say("starting instance %s", instance);
    return driver.run(instance);
  }

  @Override
  public Future<Void> forget(String image) {
    console.say("removing image %s", image);
    return driver.forget(image);
  }

  @Override
  public Future<Void> destroy(InstanceId instance) {
    console.say("removing instance %s", instance);
    return driver.destroy(instance);
  }
}
