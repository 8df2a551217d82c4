package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired.ImageDesired;

class FakeDriverTest extends DriverContract {

  private final FakeDriver driver = new FakeDriver();

  @Override
  protected InstanceDriver driver() {
    return driver;
  }

  @Override
  protected ImageDesired image() {
    return Wanted.DEBIAN;
  }

  @Override
  protected ImageDesired imageThatIsNotServed() {
    return FakeDriver.NOT_SERVED;
  }
}
