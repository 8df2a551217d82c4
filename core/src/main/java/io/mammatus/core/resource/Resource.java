package io.mammatus.core.resource;

/**
 * One resource of any kind.
 *
 * @param kind decides the types of spec and status
 * @param spec what somebody wants
 * @param status what is, as far as the cloud knows
 */
public record Resource<S extends Spec, T extends Status>(
    Kind kind, Metadata metadata, S spec, T status) {

  public Resource {
    if (!kind.specType().isInstance(spec) || !kind.statusType().isInstance(status)) {
      throw new IllegalArgumentException(
          "a " + kind.singular() + " cannot hold " + spec.getClass().getSimpleName());
    }
  }

  public Ref ref() {
    return new Ref(kind, metadata.id());
  }

  public Uid id() {
    return metadata.id();
  }

  public String name() {
    return metadata.name();
  }

  public Resource<S, T> withMetadata(Metadata changed) {
    return new Resource<>(kind, changed, spec, status);
  }
}
