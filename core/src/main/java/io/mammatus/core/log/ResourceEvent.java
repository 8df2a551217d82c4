package io.mammatus.core.log;

import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Ref;
import io.mammatus.core.resource.Spec;
import io.mammatus.core.resource.Uid;
import java.util.List;
import java.util.Map;

/** What happens to resources of every kind. */
public sealed interface ResourceEvent extends Event {

  /** Somebody said what they want: the resource came into being, or its spec or labels changed. */
  record SpecApplied(
      Kind kind, Uid id, String name, String workspace, Map<String, String> labels, Spec spec)
      implements ResourceEvent {

    public SpecApplied {
      labels = Map.copyOf(labels);
    }

    @Override
    public List<Ref> subjects() {
      return List.of(new Ref(kind, id));
    }
  }

  /** Somebody wants it gone; it stays until what it stands for is gone. */
  record DeletionRequested(Ref ref) implements ResourceEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(ref);
    }
  }

  /** It is gone. */
  record ResourceDeleted(Ref ref, String reason) implements ResourceEvent {
    @Override
    public List<Ref> subjects() {
      return List.of(ref);
    }
  }
}
