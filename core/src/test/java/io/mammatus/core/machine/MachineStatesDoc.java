package io.mammatus.core.machine;

import io.mammatus.core.resource.MachinePhase;
import java.util.Locale;

/** Writes the states of a machine for people, from the one place where they are defined. */
final class MachineStatesDoc {

  private MachineStatesDoc() {}

  static String text() {
    StringBuilder out = new StringBuilder();
    out.append("# The states of a machine\n\n")
        .append("Made from `MachinePhase` by a test: change it there, then run\n")
        .append("`mvn -pl core -am test -Ddocs.write=true`.\n\n")
        .append("| state | what it means | next |\n| --- | --- | --- |\n");
    for (MachinePhase phase : MachinePhase.values()) {
      out.append("| `%s` | %s | %s |\n".formatted(word(phase), phase.sentence(), next(phase)));
    }
    out.append("\n```mermaid\nstateDiagram-v2\n  [*] --> registered\n  [*] --> discovered\n");
    for (MachinePhase from : MachinePhase.values()) {
      for (MachinePhase to : MachinePhase.values()) {
        if (from.next().contains(to)) {
          out.append("  %s --> %s\n".formatted(word(from), word(to)));
        }
      }
    }
    return out.append("```\n").toString();
  }

  private static String next(MachinePhase phase) {
    StringBuilder names = new StringBuilder();
    for (MachinePhase to : MachinePhase.values()) {
      if (phase.next().contains(to)) {
        names.append(names.isEmpty() ? "" : ", ").append('`').append(word(to)).append('`');
      }
    }
    return names.toString();
  }

  private static String word(MachinePhase phase) {
    return phase.name().toLowerCase(Locale.ROOT);
  }
}
