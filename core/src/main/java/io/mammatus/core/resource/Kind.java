package io.mammatus.core.resource;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Every kind of resource, with the records that hold its spec and its status. */
public enum Kind {
  NETWORK(NetworkSpec.class, AvailableStatus.class),
  IMAGE(ImageSpec.class, AvailableStatus.class),
  FLAVOR(FlavorSpec.class, AvailableStatus.class),
  KEY(KeySpec.class, AvailableStatus.class),
  MACHINE(MachineSpec.class, MachineStatus.class),
  NODE(NodeSpec.class, NodeStatus.class),
  INSTANCE(InstanceSpec.class, InstanceStatus.class);

  private final Class<? extends Spec> spec;
  private final Class<? extends Status> status;

  Kind(Class<? extends Spec> spec, Class<? extends Status> status) {
    this.spec = spec;
    this.status = status;
  }

  public Class<? extends Spec> specType() {
    return spec;
  }

  public Class<? extends Status> statusType() {
    return status;
  }

  /** The word that people write: {@code instance}. */
  public String singular() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The word in paths of the API: {@code instances}. */
  public String plural() {
    return singular() + "s";
  }

  /** Finds a kind by its singular or plural word. */
  public static Optional<Kind> named(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.singular().equals(word) || kind.plural().equals(word))
        .findFirst();
  }
}
