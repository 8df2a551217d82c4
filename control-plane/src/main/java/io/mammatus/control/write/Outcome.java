package io.mammatus.control.write;

import io.mammatus.core.cloud.Cloud;
import io.mammatus.core.cloud.Failure;

/** What became of a command. */
public sealed interface Outcome {

  /**
   * It is in the log, durably.
   *
   * @param cloud the cloud with it
   */
  record Done(Cloud cloud) implements Outcome {}

  /** It was refused, or could not be written down. */
  record Failed(Failure failure) implements Outcome {}
}
