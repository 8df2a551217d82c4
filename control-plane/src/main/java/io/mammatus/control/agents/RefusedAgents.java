package io.mammatus.control.agents;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Mac;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.MachineId;
import io.mammatus.core.resource.MachineSpec;
import io.mammatus.core.resource.MachineStatus;
import io.mammatus.core.resource.NodeId;
import io.mammatus.core.resource.Resource;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.view.CloudView;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Counts who was not let in, says so in the process's log, and puts it on record: with the machine
 * that has the address it came from, so that its story tells it. Thread-safe.
 */
public final class RefusedAgents implements AgentGateway.Refusals {

  /** The counter's name; its tag is the reason, of which there are few. */
  public static final String COUNTER = "mammatus.agents.refused";

  private static final System.Logger LOG = System.getLogger(RefusedAgents.class.getName());

  /** Anybody who can reach the port can have a line written. */
  private static final Duration ONE_LINE_IN = Duration.ofMinutes(1);

  /** It may quote what a stranger sent. */
  private static final int MAX_DETAIL = 200;

  private final MeterRegistry metrics;
  private final CloudView view;
  private final Consumer<TraceRecord> trace;
  private final InstantSource clock;

  /** By reason; guarded by itself. */
  private final Map<String, Quiet> quiet = new HashMap<>();

  /** Until when nothing is said of a reason, and how much was not. */
  private record Quiet(Instant until, long unsaid) {}

  public RefusedAgents(
      MeterRegistry metrics, CloudView view, Consumer<TraceRecord> trace, InstantSource clock) {
    this.metrics = metrics;
    this.view = view;
    this.trace = trace;
    this.clock = clock;
  }

  @Override
  public void refused(AgentGateway.Refusal refusal) {
    metrics.counter(COUNTER, "reason", refusal.reason()).increment();
    say(refusal);
    if (!refusal.remote().isEmpty() || refusal.node().isPresent() || refusal.card().isPresent()) {
      trace.accept(record(refusal)); // else it would be nobody's record, which nobody ever reads
    }
  }

  private void say(AgentGateway.Refusal refusal) {
    Instant now = clock.instant();
    long unsaid;
    synchronized (quiet) {
      Quiet last = quiet.get(refusal.reason());
      if (last != null && now.isBefore(last.until())) {
        quiet.put(refusal.reason(), new Quiet(last.until(), last.unsaid() + 1));
        return;
      }
      unsaid = last == null ? 0 : last.unsaid();
      quiet.put(refusal.reason(), new Quiet(now.plus(ONE_LINE_IN), 0));
    }
    LOG.log(
        System.Logger.Level.INFO,
        "an agent was refused: {0}{1} {2}{3}",
        refusal.reason(),
        refusal.remote().isEmpty() ? "" : ", from " + refusal.remote(),
        refusal.detail().substring(0, Math.min(MAX_DETAIL, refusal.detail().length())),
        unsaid == 0 ? "" : "; and " + unsaid + " since this was last said");
  }

  private TraceRecord record(AgentGateway.Refusal refusal) {
    Optional<IpAddress> address = address(refusal.remote());
    Cloud cloud = view.cloud();
    Optional<Resource<MachineSpec, MachineStatus>> machine =
        address
            .flatMap(cloud::owner)
            .filter(owner -> owner.kind() == Kind.MACHINE)
            .flatMap(owner -> cloud.machine(new MachineId(owner.id())));
    Optional<Mac> card = machine.flatMap(m -> m.status().macs().stream().findFirst());
    return new TraceRecord(
        clock.instant(),
        refusal.node().map(NodeId::uid).or(() -> machine.map(Resource::id)),
        refusal.card().or(() -> card),
        address,
        "agents",
        "refused",
        refusal.reason(),
        Map.of("detail", refusal.detail()));
  }

  private static Optional<IpAddress> address(String remote) {
    try {
      return remote.isEmpty() ? Optional.empty() : Optional.of(IpAddress.parse(remote));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of the other family, which the trace cannot hold yet
    }
  }
}
