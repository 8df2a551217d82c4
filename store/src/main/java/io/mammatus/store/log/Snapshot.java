package io.mammatus.store.log;

import io.mammatus.core.resource.Resource;
import java.util.List;

/**
 * The current state at one position of the log.
 *
 * @param position everything up to it is in the state, nothing after it
 */
public record Snapshot(long position, List<Resource<?, ?>> resources) {}
