package io.mammatus.agent.converge;

import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.resource.InstanceId;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

class FakeDriverTest extends DriverContract {

  private final FakeDriver driver = new FakeDriver();
  private final FakeHand hand = new FakeHand();

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

  @Override
  protected ByHand byHand() {
    return hand;
  }

  private final class FakeHand implements ByHand {

    private final Set<String> unnamed = new HashSet<>();
    private boolean foreign;

    @Override
    public void stop(InstanceId instance) {
      driver.instances.replace(instance, false);
    }

    @Override
    public void pause(InstanceId instance) {
      driver.instances.replace(instance, false);
    }

    @Override
    public void leaveUnnamed(ImageDesired image) {
      unnamed.add(content(Steps.key(image)));
    }

    @Override
    public void leaveHalfMade(InstanceDesired instance) {
      driver.unfinished.add(instance.id());
    }

    @Override
    public void makeForeign() {
      foreign = true;
    }

    @Override
    public boolean isForeignUntouched() {
      return foreign;
    }

    @Override
    public int images() {
      Set<String> contents =
          driver.images.stream().map(FakeHand::content).collect(Collectors.toSet());
      contents.addAll(unnamed);
      return contents.size() + (foreign ? 1 : 0);
    }

    @Override
    public int containers() {
      return driver.instances.size() + driver.unfinished.size() + (foreign ? 1 : 0);
    }

    private static String content(String key) {
      return key.substring(key.indexOf('@'));
    }
  }
}
