package io.mammatus.pxe.grub;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Mac;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrubRequestTest {

  @Test
  void grubsConfigurations() {
    assertThat(GrubRequest.of("/grub/grub.cfg")).isEqualTo(new GrubRequest.First());
    assertThat(GrubRequest.of("//grub/mac/52:54:00:12:34:56"))
        .isEqualTo(new GrubRequest.Machine(Mac.parse("52:54:00:12:34:56")));
  }

  @Test
  void theNodeImagesFiles() {
    assertThat(GrubRequest.of("/images/node/3f9ac1d27b80/vmlinuz"))
        .isEqualTo(new GrubRequest.Image("3f9ac1d27b80", "vmlinuz"));
  }

  /** They all get the same files; a serial number is no way out of their folder. */
  @Test
  void aRaspberryPisFilesAreInOneFolder() {
    assertThat(GrubRequest.of("1a2b3c4d/start4.elf"))
        .isEqualTo(new GrubRequest.File("raspberry-pi/start4.elf"));
    assertThat(GrubRequest.of("1a2b3c4d/../../etc/passwd"))
        .as("FolderBootFiles refuses it")
        .isEqualTo(new GrubRequest.File("raspberry-pi/../../etc/passwd"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shimx64.efi",
        "grub/mac/52:54:00:12:34:5x",
        "grub/mac/00:00:00:00:00:00:",
        "grub/mac/$net_default_mac",
        "grub/mac/52:54:00:12:34:56/..",
        "images/node/1/../../etc/passwd",
        "images/node/1",
        ""
      })
  void whateverElseIsAFileOrNothing(String name) {
    assertThat(GrubRequest.of(name)).isEqualTo(new GrubRequest.File(name));
  }
}
