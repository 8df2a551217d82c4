package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileTransferTest {

  /** A few that read an octet now and then would have all the places of a file for ever. */
  @Test
  void whoHardlyReadsIsNotWaitedFor() {
    assertThat(FileTransfer.isStuck(1000, 1000)).isTrue();
    assertThat(FileTransfer.isStuck(1000, 1001)).isTrue();
    assertThat(FileTransfer.isStuck(1000, 1000 + (4 << 20))).isFalse();
  }
}
