package io.mammatus.control.agents;

import io.mammatus.core.resource.NodeId;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which nodes nobody has confirmed for several rounds. A node that has just come is in the view
 * before anybody has confirmed it, so that one look says nothing.
 */
final class Unconfirmed {

  static final int ROUNDS = 3;

  private record Boot(NodeId node, String bootId) {}

  private Map<Boot, Integer> rounds = Map.of();

  /**
   * One more round.
   *
   * @param seen the boot id of each node that is called ready and that nobody confirmed
   * @return those of them of which that was so in the rounds before, too
   */
  Set<NodeId> round(Map<NodeId, String> seen) {
    Map<Boot, Integer> next = new HashMap<>();
    seen.forEach((node, bootId) -> {
      Boot boot = new Boot(node, bootId);
      next.put(boot, rounds.getOrDefault(boot, 0) + 1);
    });
    rounds = next;
    return next.entrySet().stream()
        .filter(entry -> entry.getValue() >= ROUNDS)
        .map(entry -> entry.getKey().node())
        .collect(Collectors.toSet());
  }
}
