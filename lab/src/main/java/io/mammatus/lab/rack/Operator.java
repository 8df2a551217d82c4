package io.mammatus.lab.rack;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.lab.Await;
import io.mammatus.lab.cloud.CloudUser;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The person in front of the rack: reads consoles, compares fingerprints, and lets machines in. */
public final class Operator {

  private final CloudUser user;

  public Operator(CloudUser user) {
    this.user = user;
  }

  /** A machine that waits with the key that its console shows. */
  public record Waiting(String name, String fingerprint) {}

  /** Waits until the machine shows its key, and the cloud has the same. */
  public Waiting awaitAsking(VirtualMachine machine) throws IOException {
    String fingerprint =
        Await.value(
            machine.shape().name() + " shows its key's fingerprint on its console",
            VirtualMachine.BOOT_LIMIT,
            () -> {
              machine.requireOn();
              return machine.fingerprint();
            });
    String name =
        Await.value(
            machine.shape().name() + " asks to be admitted with that key",
            VirtualMachine.BOOT_LIMIT,
            () ->
                user.machine(machine.shape().mac())
                    .filter(m -> m.path("status").path("pending").toString().contains(fingerprint))
                    .map(m -> m.path("metadata").path("name").asText()));
    return new Waiting(name, fingerprint);
  }

  /** Lets it in, as {@code mammatus machine accept NAME --fingerprint …} does. */
  public void accept(Waiting waiting) throws IOException {
    ObjectNode body =
        JsonNodeFactory.instance.objectNode().put("fingerprint", waiting.fingerprint());
    user.call(api -> api.post("/v1/machines/" + waiting.name() + "/accept", body));
  }

  /** Waits until the machine is a node; its name. */
  public String awaitReady(VirtualMachine machine) throws IOException {
    return Await.value(
        machine.shape().name() + " is a node",
        VirtualMachine.BOOT_LIMIT,
        () -> {
          machine.requireOn();
          return user.machine(machine.shape().mac())
              .filter(m -> m.path("status").path("phase").asText().equals("ready"))
              .map(m -> m.path("metadata").path("name").asText());
        });
  }

  /** When the node said what instances may use of it: from then on it is given some. */
  public Instant offersItselfAt(String node) throws IOException {
    return Await.value(
        node + " says what it can hold",
        VirtualMachine.BOOT_LIMIT,
        () -> find("nodes", node, "CapacityReported"));
  }

  private Optional<Instant> find(String plural, String name, String event) throws IOException {
    List<Instant> times =
        user.call(api -> {
          List<Instant> found = new ArrayList<>();
          api.why(
              plural,
              name,
              null,
              item -> {
                if (item.path("what").asText().equals(event)) {
                  found.add(Instant.parse(item.path("at").asText()));
                }
              });
          return found;
        });
    return times.isEmpty() ? Optional.empty() : Optional.of(times.getLast());
  }
}
