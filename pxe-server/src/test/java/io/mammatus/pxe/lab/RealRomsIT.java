package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Firmware in QEMU, from power-on to the last file that the boot script names. */
class RealRomsIT {

  private static final Duration LIMIT = Duration.ofSeconds(120);

  private @TempDir Path folder;

  /** SeaBIOS with iPXE's ROM: it is an iPXE already, and good enough for the script. */
  @Test
  void biosWithAnIpxeRomRunsItsScript() throws Exception {
    Prerequisites.require("ip", "qemu-system-x86_64", "/boot/ipxe.lkrn");
    String mac = "52:54:00:12:34:56";
    try (Lab lab = lab("/boot/ipxe.lkrn")) {
      assertThat(boot(lab, mac, List.of("-device", card(mac))))
          .startsWith("enrolling", "script", "script");
    }
  }

  /** OVMF's own PXE client: snponly.efi over TFTP, which then runs the script. */
  @Test
  void uefiLoadsSnponlyAndRunsItsScript() throws Exception {
    requireUefi();
    String mac = "52:54:00:12:34:57";
    try (Lab lab = lab("/boot/ipxe.efi")) {
      List<String> firmware = firmware();
      Collections.addAll(firmware, "-device", card(mac) + ",romfile=");
      assertThat(boot(lab, mac, firmware))
          .startsWith("enrolling", "loader", "loader")
          .endsWith("script", "script");
    }
  }

  /** UEFI HTTP boot, with PXE switched off in the firmware: snponly.efi over HTTP. */
  @Test
  void uefiHttpBootRunsItsScript() throws Exception {
    requireUefi();
    String mac = "52:54:00:12:34:58";
    try (Lab lab = lab("/boot/ipxe.efi")) {
      List<String> firmware = firmware();
      for (String family : List.of("IPv4", "IPv6")) {
        Collections.addAll(
            firmware, "-fw_cfg", "name=opt/org.tianocore/" + family + "PXESupport,string=no");
      }
      Collections.addAll(firmware, "-device", card(mac) + ",romfile=");
      assertThat(boot(lab, mac, firmware))
          .startsWith("enrolling", "http-loader", "http-loader")
          .endsWith("script", "script");
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

  /** Runs a machine until it has fetched all; gives the reasons of what it was answered. */
  private List<String> boot(Lab lab, String mac, List<String> options) throws Exception {
    Process machine = power(lab, options);
    awaitInitrd(lab, mac);
    end(machine);
    return reasons(lab, mac);
  }

  /** A kernel stands in for the node's: what matters is that the ROM fetches all that is named. */
  private Lab lab(String kernel) throws Exception {
    Path loaders = Files.createDirectories(folder.resolve("loaders"));
    for (String name : List.of("undionly.kpxe", "snponly.efi")) {
      Files.copy(Path.of("/usr/lib/ipxe", name), loaders.resolve(name));
    }
    Path image = Files.createDirectories(folder.resolve("images/node/v1"));
    Files.copy(Path.of(kernel), image.resolve("vmlinuz"), StandardCopyOption.REPLACE_EXISTING);
    Files.write(image.resolve("initrd.img"), new byte[1 << 20]);
    Files.write(image.resolve("root.squashfs"), new byte[1 << 20]);
    JsonObject files = new JsonObject();
    for (String name : List.of("vmlinuz", "initrd.img", "root.squashfs")) {
      byte[] octets = Files.readAllBytes(image.resolve(name));
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(octets);
      files.put(
          name,
          new JsonObject()
              .put("sha256", HexFormat.of().formatHex(hash))
              .put("bytes", octets.length));
    }
    JsonObject manifest =
        new JsonObject()
            .put("kind", "node")
            .put("version", "v1")
            .put("kernelArguments", "boot=live ip=dhcp")
            .put("files", files);
    Files.writeString(image.resolve("manifest.json"), manifest.encode());
    Lab lab = new Lab(folder);
    lab.makeTap("tap0");
    return lab;
  }

  private static String card(String mac) {
    return "virtio-net-pci,netdev=n0,bootindex=1,mac=" + mac;
  }

  private List<String> firmware() throws IOException {
    Path variables = folder.resolve("variables.fd");
    Files.copy(Path.of("/usr/share/OVMF/OVMF_VARS_4M.fd"), variables);
    return new ArrayList<>(
        List.of(
            "-drive",
            "if=pflash,format=raw,readonly=on,file=/usr/share/OVMF/OVMF_CODE_4M.fd",
            "-drive",
            "if=pflash,format=raw,file=" + variables));
  }

  private static Process power(Lab lab, List<String> more) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "qemu-system-x86_64",
                "-machine",
                "q35",
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                "max",
                "-m",
                "512",
                "-display",
                "none",
                "-no-reboot",
                "-netdev",
                "tap,id=n0,ifname=tap0,script=no,downscript=no"));
    command.addAll(more);
    return lab.start(command.toArray(new String[0]));
  }

  private static void awaitInitrd(Lab lab, String mac) {
    lab.awaitTrace(
        LIMIT,
        line ->
            line.contains(mac) && line.contains("step=initrd") && line.contains("stage=FINISHED"));
  }

  private static void end(Process machine) throws InterruptedException {
    machine.destroyForcibly().waitFor();
  }

  /** Of the DHCP packets up to the first kernel: the stand-in kernel may well ask again. */
  private static List<String> reasons(Lab lab, String mac) {
    return lab.trace().stream()
        .takeWhile(line -> !line.contains("step=kernel"))
        .filter(line -> line.contains("protocol=dhcp") && line.contains(mac))
        .map(line -> line.replaceAll(".*reason=([^,]*),.*", "$1"))
        .toList();
  }
}
