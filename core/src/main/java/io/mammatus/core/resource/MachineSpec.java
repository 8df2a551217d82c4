package io.mammatus.core.resource;

import io.mammatus.core.net.Mac;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator says of a machine.
 *
 * @param macs MAC addresses known beforehand; more are learnt from the machine itself
 * @param fingerprint the agent key that is admitted without asking, {@code sha256:HEX}; absent
 *     where a person accepts
 * @param boot what it is given when its firmware asks the network; {@link Boot#IMAGE} if absent
 */
public record MachineSpec(List<Mac> macs, @Nullable String fingerprint, @Nullable Boot boot)
    implements Spec {

  public static final MachineSpec DISCOVERED = new MachineSpec(List.of(), null, null);

  /** What a machine boots. */
  public enum Boot {
    /** The node image. */
    IMAGE,
    /** Its own disk: the loader goes on there. */
    DISK
  }

  public MachineSpec {
    macs = List.copyOf(macs);
    if (macs.stream().anyMatch(Mac::isGroup)) {
      throw new IllegalArgumentException("macs: a group address is not a network card's");
    }
    if (fingerprint != null && !fingerprint.matches("sha256:[0-9a-f]{64}")) {
      throw new IllegalArgumentException("fingerprint: not sha256: and 64 hexadecimal digits");
    }
  }

  public Boot boots() {
    return boot == null ? Boot.IMAGE : boot;
  }
}
