package io.mammatus.control;

import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.log.LogEntry;
import io.mammatus.core.log.ResourceEvent.SpecApplied;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.view.CloudView;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Makes the networks of the configuration file, each once: the log knows which names it made, so
 * that one that was deleted through the API stays away.
 */
final class FirstNetworks {

  private final EventLog log;
  private final CloudView view;
  private final CloudWriter writer;

  FirstNetworks(EventLog log, CloudView view, CloudWriter writer) {
    this.log = log;
    this.view = view;
    this.writer = writer;
  }

  /** Fails with what is wrong if one of them cannot be: now, not when its machines wait. */
  Future<Void> make(List<NetworkConfig> networks) {
    return networks.isEmpty()
        ? Future.succeededFuture()
        : log.ofConfiguration()
            .map(FirstNetworks::names)
            .compose(made ->
                Future.all(
                    networks.stream()
                        .filter(network -> !made.contains(network.name()) && !isThere(network))
                        .map(this::submit)
                        .toList()))
            .compose(all -> refused(all.list()));
  }

  private static Set<String> names(List<LogEntry> entries) {
    return entries.stream()
        .map(LogEntry::event)
        .filter(SpecApplied.class::isInstance)
        .map(SpecApplied.class::cast)
        .filter(applied -> applied.kind() == Kind.NETWORK)
        .map(SpecApplied::name)
        .collect(Collectors.toSet());
  }

  private boolean isThere(NetworkConfig network) {
    return view.cloud().find(Kind.NETWORK, Metadata.DEFAULT_WORKSPACE, network.name()).isPresent();
  }

  private Future<Outcome> submit(NetworkConfig network) {
    return writer.submit(
        new Command.Apply(
            Kind.NETWORK,
            new Uid(UUID.randomUUID()),
            Metadata.DEFAULT_WORKSPACE,
            network.name(),
            Map.of(),
            network.spec(),
            0L),
        Origin.of(EventLog.CONFIGURATION, "start"));
  }

  private static Future<Void> refused(List<Outcome> outcomes) {
    return outcomes.stream()
        .filter(Outcome.Failed.class::isInstance)
        .map(outcome -> ((Outcome.Failed) outcome).failure())
        .findFirst()
        .<Future<Void>>map(
            failure -> Future.failedFuture("controlPlane.networks: " + failure.message()))
        .orElseGet(Future::succeededFuture);
  }
}
