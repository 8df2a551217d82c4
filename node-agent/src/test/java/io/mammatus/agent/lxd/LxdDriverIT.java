package io.mammatus.agent.lxd;

import static io.mammatus.agent.converge.Wanted.fresh;
import static io.mammatus.agent.converge.Wanted.id;
import static io.mammatus.agent.converge.Wanted.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import io.mammatus.agent.converge.ByHand;
import io.mammatus.agent.converge.Converger;
import io.mammatus.agent.converge.DriverContract;
import io.mammatus.agent.converge.InstanceDriver;
import io.mammatus.core.node.NodeDesired.ImageDesired;
import io.mammatus.core.node.NodeDesired.InstanceDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.core.node.NodeObserved.InstanceState;
import io.mammatus.core.node.NodeObserved.State;
import io.mammatus.core.resource.Blob;
import io.mammatus.platform.testing.Prerequisites;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The contract with the distribution's own LXD, and what only it can show. */
@Timeout(300)
class LxdDriverIT extends DriverContract {

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final ImageDesired NOT_SERVED =
      new ImageDesired("lost", "1", new Blob("0".repeat(64), 1), new Blob("1".repeat(64), 1));

  @TempDir private static Path scratch;

  private static Vertx vertx;
  private static HttpServer blobs;
  private static PrivateLxd lxd;
  private static ImageDesired tiny;
  private static LxdHand hand;

  private LxdDriver driver;

  @BeforeAll
  static void startLxd() throws IOException {
    Prerequisites.require(
        "lxd", "unshare", "ip", "mkfs.ext4", "mksquashfs", "busybox", "/dev/loop-control");
    vertx = Vertx.vertx();
    Path published = Files.createDirectories(scratch.resolve("published"));
    // containers' root is nobody here, and must come through to what is its own
    Shell.run("chmod", "711", scratch.toString());
    tiny = image("tiny", published);
    blobs =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            published.toRealPath(),
            SimpleFileServer.OutputLevel.NONE);
    blobs.start();
    lxd = new PrivateLxd(Files.createDirectories(scratch.resolve("lxd")));
    hand = new LxdHand(new LxdClient(vertx, lxd.socket()), published, image("foreign", published));
  }

  private static ImageDesired image(String name, Path published) throws IOException {
    return TinyImage.make(name, Files.createDirectories(scratch.resolve(name)), published);
  }

  @AfterAll
  static void stopLxd() throws Exception {
    if (lxd != null) {
      System.out.println(lxd.log().indent(2));
      lxd.close();
    }
    if (blobs != null) {
      blobs.stop(0);
    }
    if (vertx != null) {
      vertx.close().await(20, TimeUnit.SECONDS);
    }
  }

  @BeforeEach
  void makeDriver() {
    String base = "http://127.0.0.1:" + blobs.getAddress().getPort() + "/";
    driver =
        new LxdDriver(
            vertx, lxd.socket(), scratch.resolve("downloads"), PrivateLxd.PARENT, () -> base);
    await(driver.start());
  }

  @AfterEach
  void clear() {
    hand.clear();
  }

  @Override
  protected InstanceDriver driver() {
    return driver;
  }

  @Override
  protected ImageDesired image() {
    return tiny;
  }

  @Override
  protected ImageDesired imageThatIsNotServed() {
    return NOT_SERVED;
  }

  @Override
  protected ByHand byHand() {
    return hand;
  }

  /** One that is wanted of the tiny image. */
  private static InstanceDesired tiny(int number) {
    InstanceDesired like = fresh(number);
    return new InstanceDesired(
        like.id(),
        like.name(),
        tiny.name(),
        like.cpus(),
        like.memoryMiB(),
        like.diskGiB(),
        like.mac(),
        like.address(),
        true);
  }

  @Test
  void anInstanceGetsWhatItsFlavorSays() throws IOException {
    await(driver.fetch(tiny));
    await(driver.create(tiny(1), tiny));
    await(driver.run(id(1)));
    JsonObject made = hand.get(LxdHand.path(id(1)));
    assertThat(made.getJsonObject("config").getString("limits.cpu")).isEqualTo("1");
    assertThat(made.getJsonObject("config").getString("limits.memory")).isEqualTo("256MiB");
    JsonObject devices = made.getJsonObject("devices");
    assertThat(devices.getJsonObject("root").getString("size")).isEqualTo("2GiB");
    assertThat(devices.getJsonObject("eth0").getString("hwaddr"))
        .isEqualTo(tiny(1).mac().toString());
    String[] figures =
        Shell.run(
                "stat",
                "--file-system",
                "--format=%b %S",
                lxd.inside("storage-pools/default/containers/i-" + id(1) + "/rootfs").toString())
            .split(" ");
    long room = Long.parseLong(figures[0]) * Long.parseLong(figures[1]);
    if (lxd.hasQuotas()) {
      assertThat(room).as("enforced").isEqualTo(2L << 30);
    } else {
      assertThat(room).as("tolerated: this kernel has no quotas").isGreaterThan(2L << 30);
    }
  }

  @Test
  void aContainerWithTheNameOfOursThatIsNotOursIsLeftAlone() {
    await(driver.fetch(tiny));
    hand.makeEmpty("i-" + id(1), new JsonObject());
    assertThatThrownBy(() -> await(driver.create(tiny(1), tiny)))
        .hasMessageContaining("is not ours");
    assertThatThrownBy(() -> await(driver.run(id(1)))).hasMessageContaining("is not here");
    await(driver.destroy(id(1)));
    assertThat(hand.containers()).isOne();
  }

  @Test
  void anInterruptedDownloadLeavesNothingBehind() throws IOException {
    Path part = scratch.resolve("downloads").resolve("0.part");
    Files.createDirectories(part.getParent());
    Files.writeString(part, "half a");
    await(driver.start());
    assertThat(part).doesNotExist();
    assertThatThrownBy(() -> await(driver.fetch(NOT_SERVED))).isNotNull();
    await(driver.fetch(tiny));
    assertThat(scratch.resolve("downloads")).isEmptyDirectory();
  }

  /** Wherever the daemon dies on the way, the loop gets there, with one image and one container. */
  @Test
  void aDaemonThatDiesAgainAndAgainOnlyDelaysThings() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 1; round <= 4; round++) {
      List<NodeObserved> reports = new CopyOnWriteArrayList<>();
      Converger converger = new Converger(vertx, driver, reports::add);
      InstanceDesired wanted = tiny(round);
      vertx.getOrCreateContext().runOnContext(v -> converger.want(state(1, List.of(tiny), wanted)));
      Awaitility.await().pollDelay(Duration.ofMillis(random.nextInt(10, 400))).until(() -> true);
      lxd.killDaemon();
      Awaitility.await()
          .atMost(LIMIT)
          .until(() -> !reports.isEmpty() && reports.getLast().converged());
      converger.reset();
      assertThat(reports.getLast().instances())
          .containsExactly(new InstanceState(wanted.id(), State.RUNNING, "", ""));
      assertThat(hand.images()).isOne();
      assertThat(hand.containers()).isOne();
      if (round % 2 == 0) {
        hand.clear();
      }
    }
  }
}
