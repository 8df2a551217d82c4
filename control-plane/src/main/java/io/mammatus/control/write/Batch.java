package io.mammatus.control.write;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.cloud.Decider;
import io.mammatus.core.cloud.Decision;
import io.mammatus.core.cloud.Evolver;
import io.mammatus.core.cloud.Failure;
import io.mammatus.core.log.Event;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Resource;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Commands decided one after the other on the same cloud, and what follows from them: one
 * transaction. A function of the cloud, the commands and the time.
 */
final class Batch {

  private final Cloud before;
  private final Instant at;
  private final List<LogEntry> entries = new ArrayList<>();
  private final List<@Nullable Failure> failures = new ArrayList<>();
  private Cloud after;
  private @Nullable RuntimeException planFault;

  private Batch(Cloud before, Instant at) {
    this.before = before;
    this.after = before;
    this.at = at.truncatedTo(ChronoUnit.MICROS);
  }

  /** What should happen next in a cloud, such as the planner says it. */
  @FunctionalInterface
  interface Planning {
    List<Event> plan(Cloud cloud);
  }

  /** A command and who asks. */
  record Asked(Command command, Origin origin) {}

  /** Decides the commands in order; the planner, if there is one, has its say at the end. */
  static Batch decide(Cloud cloud, List<Asked> commands, Optional<Planning> planning, Instant at) {
    Batch batch = new Batch(cloud.settled(), at);
    commands.forEach(batch::decide);
    Origin origin =
        commands.isEmpty()
            ? Origin.of("planner", "replan")
            : new Origin("planner", "plan", commands.getLast().origin().traceId());
    planning.ifPresent(p -> batch.plan(p, origin));
    return batch;
  }

  /**
   * The plan comes with the commands, and is nothing that they depend on. With a mistake in it they
   * are decided as if nobody had planned: else no command could ever change what the planner
   * stumbles over.
   */
  private void plan(Planning planning, Origin origin) {
    Cloud decided = after;
    int count = entries.size();
    try {
      planning.plan(after).forEach(event -> happen(event, origin));
    } catch (RuntimeException e) {
      planFault = e;
      after = decided;
      entries.subList(count, entries.size()).clear();
    }
  }

  /** What is wrong with the plan that this batch had to do without. */
  Optional<RuntimeException> planFault() {
    return Optional.ofNullable(planFault);
  }

  private void decide(Asked asked) {
    switch (Decider.decide(after, asked.command())) {
      case Decision.Accepted(List<Event> events) -> {
        failures.add(null);
        events.forEach(event -> happen(event, asked.origin()));
      }
      case Decision.Refused(Failure failure) -> failures.add(failure);
    }
  }

  private void happen(Event event, Origin origin) {
    LogEntry entry =
        new LogEntry(
            after.position() + 1, at, origin.actor(), origin.cause(), origin.traceId(), event);
    entries.add(entry);
    after = Evolver.evolve(after, entry);
  }

  long expectedHead() {
    return before.position();
  }

  List<LogEntry> entries() {
    return entries;
  }

  /** Why the command at this index was refused; empty if it was not. */
  Optional<Failure> failure(int index) {
    return Optional.ofNullable(failures.get(index));
  }

  /** The resources that changed, as they are at the end. */
  List<Resource<?, ?>> upserts() {
    List<Resource<?, ?>> found = new ArrayList<>();
    after.touched().forEach(ref -> after.find(ref).ifPresent(found::add));
    return found;
  }

  /** The resources that were there before and are not any more. */
  List<Ref> deletions() {
    return after.touched().stream()
        .filter(ref -> after.find(ref).isEmpty() && before.find(ref).isPresent())
        .toList();
  }
}
