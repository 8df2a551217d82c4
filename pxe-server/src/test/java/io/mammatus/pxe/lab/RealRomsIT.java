package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import io.mammatus.platform.testing.ServerCertificate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Firmware in QEMU, from power-on to the last file that the boot script names. */
class RealRomsIT {

  /** iPXE gives IPv6 up after nine seconds and more; without that the script follows at once. */
  private static final Duration WITHOUT_WAIT = Duration.ofSeconds(5);

  private @TempDir Path folder;

  /** SeaBIOS with iPXE's ROM: it is an iPXE already, and good enough for the script. */
  @Test
  void biosWithAnIpxeRomRunsItsScript() throws Exception {
    Prerequisites.require("ip", "qemu-system-x86_64", "/boot/ipxe.lkrn");
    String mac = "52:54:00:12:34:56";
    try (RomLab lab = lab("/boot/ipxe.lkrn")) {
      lab.power(List.of("-device", RomLab.card(mac, "")));
      lab.awaitInitrd(mac);
      assertThat(lab.reasons(mac)).startsWith("enrolling", "script", "script");
      assertThat(lab.fromAcknowledgementToScript(mac)).isLessThan(WITHOUT_WAIT);
    }
  }

  /** OVMF's own PXE client: snponly.efi over TFTP, which then runs the script. */
  @Test
  void uefiLoadsSnponlyAndRunsItsScript() throws Exception {
    requireUefi();
    String mac = "52:54:00:12:34:57";
    try (RomLab lab = lab("/boot/ipxe.efi")) {
      List<String> firmware = lab.uefi();
      Collections.addAll(firmware, "-device", RomLab.card(mac, ",romfile="));
      lab.power(firmware);
      lab.awaitInitrd(mac);
      assertThat(lab.reasons(mac))
          .startsWith("enrolling", "loader", "loader")
          .endsWith("script", "script");
      assertThat(lab.fromAcknowledgementToScript(mac)).isLessThan(WITHOUT_WAIT);
    }
  }

  /** UEFI HTTP boot, with PXE switched off in the firmware: snponly.efi over HTTP. */
  @Test
  void uefiHttpBootRunsItsScript() throws Exception {
    requireUefi();
    String mac = "52:54:00:12:34:58";
    try (RomLab lab = lab("/boot/ipxe.efi")) {
      List<String> firmware = lab.uefi();
      withoutPxe(firmware);
      Collections.addAll(firmware, "-device", RomLab.card(mac, ",romfile="));
      lab.power(firmware);
      lab.awaitInitrd(mac);
      assertThat(lab.reasons(mac))
          .startsWith("enrolling", "http-loader", "http-loader")
          .endsWith("script", "script");
    }
  }

  /** The same over TLS, with our certificate enrolled in the firmware and no way back to HTTP. */
  @Test
  void uefiHttpsBootRunsItsScript() throws Exception {
    requireUefi();
    Prerequisites.require("openssl");
    String mac = "52:54:00:12:34:59";
    ServerCertificate certificate = ServerCertificate.make(folder, "10.88.0.1");
    Path enrolled = folder.resolve("authorities.esl");
    Files.write(enrolled, certificate.signatureList());
    try (RomLab lab =
        new RomLab(
            folder, Path.of("/boot/ipxe.efi"), "boot=live ip=dhcp", List.of("-Dhttps=" + folder))) {
      List<String> firmware = lab.uefi();
      withoutPxe(firmware);
      Collections.addAll(
          firmware, "-fw_cfg", "name=etc/edk2/https/cacerts,file=" + enrolled, "-device");
      firmware.add(RomLab.card(mac, ",romfile="));
      lab.power(firmware);
      lab.awaitInitrd(mac);
      assertThat(lab.reasons(mac))
          .startsWith("enrolling", "http-loader", "http-loader")
          .endsWith("script", "script");
    }
  }

  /** Takes away the minutes that OVMF tries PXE for, over IPv4 and then over IPv6. */
  static void withoutPxe(List<String> firmware) {
    for (String family : List.of("IPv4", "IPv6")) {
      Collections.addAll(
          firmware, "-fw_cfg", "name=opt/org.tianocore/" + family + "PXESupport,string=no");
    }
  }

  private static void requireUefi() {
    Prerequisites.require(
        "ip",
        "qemu-system-x86_64",
        "/boot/ipxe.efi",
        "/usr/lib/ipxe/snponly.efi",
        "/usr/share/OVMF/OVMF_CODE_4M.fd");
  }

  private RomLab lab(String kernel) throws Exception {
    return new RomLab(folder, Path.of(kernel), "boot=live ip=dhcp", List.of());
  }
}
