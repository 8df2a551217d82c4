package io.mammatus.agent;

import io.mammatus.agent.converge.Converger;
import io.mammatus.agent.identity.NodeIdentity;
import io.mammatus.agent.inventory.HardwareReader;
import io.mammatus.agent.link.ControlLink;
import io.mammatus.agent.link.RefusedException;
import io.mammatus.core.node.NodeDesired;
import io.mammatus.core.node.NodeObserved;
import io.mammatus.platform.bus.FrameConnection;
import io.mammatus.platform.bus.Reply;
import io.mammatus.platform.json.Json;
import io.mammatus.platform.work.Blocking;
import io.mammatus.protocols.agent.AgentMessages;
import io.mammatus.protocols.agent.AgentMessages.Hello;
import io.mammatus.protocols.agent.AgentMessages.InventoryReport;
import io.mammatus.protocols.agent.AgentMessages.Welcome;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The life of an agent: be admitted, make a home for what it keeps, connect, converge, report; and
 * from the beginning whenever a connection ends.
 */
final class Agent extends VerticleBase {

  static final String VERSION = "0.1";

  /** The control plane says when it is worth asking again; this is for when that was not heard. */
  private static final long ASK_MILLIS = 2_000;

  private static final long NO_TIMER = -1;
  private static final long REFUSED_MILLIS = 10_000;
  private static final long RECONNECT_MILLIS = 1_000;
  private static final long CERTIFICATE_CHECK_MILLIS = 6 * 3600 * 1000L;

  private final AgentConfig config;
  private final Console console;
  private final HardwareReader hardware;
  private final Home home;
  private @Nullable ControlLink link;
  private @Nullable FrameConnection connection;
  private @Nullable Converger converger;
  private @Nullable NodeObserved reported;
  private String blobs = "";
  private boolean renewed;
  private long askTimer = NO_TIMER;
  private Future<Void> settled = Future.succeededFuture();
  private Future<Void> driverStarted = Future.succeededFuture();

  Agent(AgentConfig config, Console console, HardwareReader hardware, Home home) {
    this.config = config;
    this.console = console;
    this.hardware = hardware;
    this.home = home;
  }

  @Override
  public Future<?> start() {
    link = new ControlLink(vertx, config);
    link.prepareAdmission();
    return Blocking.call(vertx, home::open).onSuccess(this::proceed);
  }

  private void proceed(NodeIdentity identity) {
    try {
      if (identity.certificate().isEmpty()) {
        console.say("this machine asks %s to join", config.control());
        console.say("key fingerprint %s", identity.fingerprint());
        ask(identity);
      } else {
        link().endAdmission();
        settle(identity);
      }
    } catch (IOException e) {
      console.say("the certificate cannot be read: %s", e.getMessage());
      later(REFUSED_MILLIS, () -> proceed(identity));
    }
  }

  private void ask(NodeIdentity identity) {
    link()
        .askAdmission(identity)
        .onComplete(done -> {
          if (done.failed()) {
            console.sayOnce("not admitted: %s", done.cause().getMessage());
            boolean refused = done.cause() instanceof RefusedException e && !e.isPassing();
            later(refused ? REFUSED_MILLIS : RECONNECT_MILLIS, () -> ask(identity));
          } else if (done.result().certificate() == null) {
            console.sayOnce(
                "waiting: mammatus machine accept %s --fingerprint %s",
                done.result().name(), identity.fingerprint());
            askLater(identity);
          } else {
            admitted(identity, done.result().certificate());
          }
        });
  }

  /** After a while, or as soon as the control plane says that the operator has decided. */
  private void askLater(NodeIdentity identity) {
    askTimer = vertx.setTimer(ASK_MILLIS, timer -> askNow(identity));
    link()
        .onAccepted(() -> {
          if (askTimer != NO_TIMER) {
            vertx.cancelTimer(askTimer);
            askNow(identity);
          }
        });
  }

  private void askNow(NodeIdentity identity) {
    askTimer = NO_TIMER;
    ask(identity);
  }

  private void admitted(NodeIdentity identity, String certificate) {
    try {
      identity.store(certificate);
      console.say("admitted");
      link().endAdmission();
      settle(identity);
    } catch (IOException e) {
      console.say("the certificate cannot be kept: %s", e.getMessage());
      later(REFUSED_MILLIS, () -> ask(identity));
    }
  }

  /**
   * What it keeps goes where it survives a power cycle. Claiming a disk takes a while, so the
   * connection is opened meanwhile; the node offers itself for work only when both are there.
   */
  private void settle(NodeIdentity identity) {
    settled = Blocking.call(vertx, () -> home.settle(identity, console)).mapEmpty();
    settled.onFailure(e -> {
      console.sayOnce("no home: %s", e.getMessage());
      later(REFUSED_MILLIS, () -> settle(identity));
    });
    if (converger == null) {
      converger =
          new Converger(
              vertx,
              new AnnouncingDriver(home.driver(vertx, hardware, () -> blobs), console),
              this::report);
      connect(identity);
    } else if (connection == null) {
      connect(identity);
    }
  }

  private void connect(NodeIdentity identity) {
    if (shouldRenew(identity)) {
      renewed = true;
      ask(identity);
      return;
    }
    link()
        .connect(identity, this::answer)
        .compose(fresh -> {
          connection = fresh;
          fresh.onClose(reason -> disconnected(identity, fresh, reason));
          return greet(identity, fresh);
        })
        .onFailure(e -> {
          if (e instanceof RefusedException refused && refused.code().equals("forbidden")) {
            refused(identity, refused);
          } else if (connection == null) {
            console.sayOnce("no connection: %s", e.getMessage());
            later(RECONNECT_MILLIS, () -> connect(identity));
          } else {
            connection.close("greeting failed: " + e.getMessage());
          }
        });
  }

  /**
   * Looks now and then, while this connection lasts; without it, the agent connects anew and asks.
   */
  private void watchCertificate(NodeIdentity identity, FrameConnection current) {
    later(
        CERTIFICATE_CHECK_MILLIS,
        () -> {
          if (connection != current) {
            return;
          }
          if (shouldRenew(identity)) {
            current.close("the certificate ends soon");
          } else {
            watchCertificate(identity, current);
          }
        });
  }

  /** Whoever was accepted with this key gets a certificate for it again. Once, lest clocks err. */
  private boolean shouldRenew(NodeIdentity identity) {
    try {
      return !renewed && identity.isCertificateDue(Instant.now());
    } catch (IOException e) {
      console.sayOnce("the certificate cannot be read: %s", e.getMessage());
      return !renewed;
    }
  }

  private Future<?> greet(NodeIdentity identity, FrameConnection fresh) {
    return ask(fresh, AgentMessages.HELLO, new Hello(home.bootId(), VERSION))
        .compose(body -> {
          Welcome welcome = read(body, Welcome.class);
          blobs = welcome.blobs();
          return Blocking.run(vertx, () -> home.adopt(welcome));
        })
        .compose(v -> settled)
        .compose(v -> {
          startDriver();
          return Blocking.call(
              vertx, () -> new InventoryReport(hardware.read(), home.capacity(hardware)));
        })
        .compose(report -> {
          reported = null;
          Objects.requireNonNull(converger).reset();
          return ask(fresh, AgentMessages.INVENTORY, report);
        })
        .onSuccess(done -> {
          renewed = false;
          console.say("ready");
          watchCertificate(identity, fresh);
        });
  }

  /** Beside the report: it is needed only when there is something to run. */
  private void startDriver() {
    driverStarted = Blocking.run(vertx, home::startDriver);
    driverStarted.onFailure(e -> console.sayOnce("nothing to run on: %s", e.getMessage()));
  }

  private void refused(NodeIdentity identity, RefusedException refused) {
    console.say("the certificate was refused: %s", refused.getMessage());
    FrameConnection old = connection;
    connection = null;
    if (old != null) {
      old.close("refused");
    }
    try {
      identity.forgetCertificate();
    } catch (IOException e) {
      console.say("the certificate cannot be removed: %s", e.getMessage());
    }
    later(REFUSED_MILLIS, () -> proceed(identity));
  }

  private void disconnected(NodeIdentity identity, FrameConnection ended, String reason) {
    if (connection == ended) {
      connection = null;
      console.say("disconnected: %s", reason);
      later(RECONNECT_MILLIS, () -> connect(identity));
    }
  }

  private Future<Reply> answer(String operation, byte[] body) {
    Converger told = converger;
    if (operation.equals(AgentMessages.DESIRED) && told != null) {
      NodeDesired desired = read(body, NodeDesired.class);
      driverStarted.onComplete(done -> told.want(desired));
      return Future.succeededFuture(Reply.ok());
    }
    return Future.succeededFuture(
        new Reply.Failed("unknown-operation", "an agent does not know " + operation, "caller"));
  }

  /** Tells the control plane what is there, when that changed. */
  private void report(NodeObserved observed) {
    FrameConnection now = connection;
    if (now == null || observed.equals(reported)) {
      return;
    }
    reported = observed;
    ask(now, AgentMessages.OBSERVED, observed)
        .onFailure(e -> {
          reported = null;
          console.sayOnce("a report was not taken: %s", e.getMessage());
        });
  }

  private static Future<byte[]> ask(FrameConnection connection, String operation, Object body) {
    return connection
        .request(operation, Json.lenient().write(body).getBytes(StandardCharsets.UTF_8))
        .map(reply ->
            switch (reply) {
              case Reply.Ok(byte[] answer) -> answer;
              case Reply.Failed failed -> throw new RefusedException(failed);
            });
  }

  private static <T> T read(byte[] body, Class<T> type) {
    return Json.lenient().read(new String(body, StandardCharsets.UTF_8), type);
  }

  private ControlLink link() {
    return Objects.requireNonNull(link);
  }

  private void later(long millis, Runnable action) {
    vertx.setTimer(millis, timer -> action.run());
  }
}
