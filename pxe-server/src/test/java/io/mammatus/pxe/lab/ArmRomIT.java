package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * UEFI on arm64 in QEMU: that it takes our offer and fetches the loader that is for it. The
 * distribution has no iPXE for arm64, so that the loader is a stand-in and nothing comes after it.
 */
class ArmRomIT {

  private static final Duration LIMIT = Duration.ofSeconds(150);
  private static final String LOADER = "ipxe-arm64.efi";

  private @TempDir Path folder;

  @BeforeEach
  void needs() {
    Prerequisites.require("ip", "qemu-system-aarch64", "/usr/share/AAVMF/AAVMF_CODE.fd");
  }

  @Test
  void uefiFetchesTheLoaderForArm() throws Exception {
    String mac = "52:54:00:12:34:61";
    try (RomLab lab = lab()) {
      lab.powerArm(List.of("-device", RomLab.card(mac, ",romfile=")));
      awaitLoader(lab);
      assertThat(lab.reasons(mac)).startsWith("enrolling", "loader", "loader");
    }
  }

  @Test
  void uefiHttpBootFetchesTheLoaderForArm() throws Exception {
    String mac = "52:54:00:12:34:62";
    try (RomLab lab = lab()) {
      List<String> firmware = new ArrayList<>();
      RealRomsIT.withoutPxe(firmware);
      firmware.addAll(List.of("-device", RomLab.card(mac, ",romfile=")));
      lab.powerArm(firmware);
      awaitLoader(lab);
      assertThat(lab.reasons(mac)).startsWith("enrolling", "http-loader", "http-loader");
    }
  }

  private static void awaitLoader(RomLab lab) {
    lab.lab.awaitTrace(
        LIMIT, line -> line.contains("file=" + LOADER) && line.contains("stage=FINISHED"));
  }

  private RomLab lab() throws Exception {
    RomLab lab = new RomLab(folder, Path.of("/boot/ipxe.efi"), "", List.of());
    Files.write(folder.resolve("loaders").resolve(LOADER), new byte[300_000]);
    return lab;
  }
}
