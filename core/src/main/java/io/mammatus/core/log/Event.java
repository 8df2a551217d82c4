package io.mammatus.core.log;

import io.mammatus.core.resource.Ref;
import java.util.List;

/**
 * Something that was decided or observed, in the past tense. Events are facts: applying one never
 * fails.
 *
 * <p>The simple names of the records are the types that the log stores: they are unique and never
 * change.
 */
public sealed interface Event permits ResourceEvent, MachineEvent, NodeEvent, InstanceEvent {

  /** The resources whose history this belongs to; {@code why} finds it by them. */
  List<Ref> subjects();
}
