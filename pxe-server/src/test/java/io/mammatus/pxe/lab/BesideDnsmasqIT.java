package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proxy mode: dnsmasq gives the addresses, and we say what to boot to whoever asks for that. */
class BesideDnsmasqIT {

  private static final Duration LIMIT = Duration.ofSeconds(150);

  private @TempDir Path folder;

  /**
   * SeaBIOS with iPXE's ROM: it hears two offers and takes the address of one, the file of ours.
   */
  @Test
  void biosWithAnIpxeRomRunsItsScript() throws Exception {
    Prerequisites.require("ip", "dnsmasq", "udhcpc", "qemu-system-x86_64", "/boot/ipxe.lkrn");
    String mac = "52:54:00:12:40:56";
    try (RomLab lab = lab("/boot/ipxe.lkrn")) {
      lab.power(List.of("-device", RomLab.card(mac, "")));
      awaitBooted(lab, mac);
      assertPlainClientIsLeftAlone(lab);
    }
  }

  /** OVMF's own PXE client: snponly.efi over TFTP, which then asks once more. */
  @Test
  void uefiLoadsSnponlyAndRunsItsScript() throws Exception {
    Prerequisites.require(
        "ip",
        "dnsmasq",
        "qemu-system-x86_64",
        "/boot/ipxe.efi",
        "/usr/lib/ipxe/snponly.efi",
        "/usr/share/OVMF/OVMF_CODE_4M.fd");
    String mac = "52:54:00:12:40:57";
    try (RomLab lab = lab("/boot/ipxe.efi")) {
      List<String> firmware = lab.uefi();
      Collections.addAll(firmware, "-device", RomLab.card(mac, ",romfile="));
      lab.power(firmware);
      awaitBooted(lab, mac);
      assertThat(lab.reasons(mac)).contains("loader", "script");
    }
  }

  private RomLab lab(String kernel) throws Exception {
    RomLab lab =
        new RomLab(folder, Path.of(kernel), "boot=live ip=dhcp", List.of("-Dnetworks=PROXY"));
    Namespace foreign = lab.lab.join("dhcp", "eth0");
    foreign.ip("address", "add", "10.88.0.3/24", "dev", "eth0");
    foreign
        .command(
            "dnsmasq",
            "--keep-in-foreground",
            "--conf-file=/dev/null",
            "--port=0",
            "--interface=eth0",
            "--dhcp-range=10.88.0.50,10.88.0.60,1h",
            "--dhcp-authoritative",
            "--no-ping",
            "--log-dhcp",
            "--log-facility=" + folder.resolve("dnsmasq.log"),
            "--dhcp-leasefile=" + folder.resolve("dnsmasq.leases"),
            "--pid-file=" + folder.resolve("dnsmasq.pid"),
            "--user=root")
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    Awaitility.await().atMost(LIMIT).until(() -> dnsmasq().contains("DHCP, IP range"));
    return lab;
  }

  private String dnsmasq() throws Exception {
    Path log = folder.resolve("dnsmasq.log");
    return Files.exists(log) ? Files.readString(log) : "";
  }

  /** All of the boot is at the address that dnsmasq gave; our server answered no REQUEST for it. */
  private void awaitBooted(RomLab lab, String mac) throws Exception {
    lab.lab.awaitTrace(
        LIMIT, line -> line.contains("step=initrd") && line.contains("stage=FINISHED"));
    assertThat(lab.lab.trace())
        .filteredOn(line -> line.contains("step=initrd") && line.contains("stage=FINISHED"))
        .allMatch(line -> line.contains("address=10.88.0.5"));
    assertThat(lab.lab.trace())
        .noneMatch(line -> line.contains("what=REQUEST") && line.contains("detail=10.88.0."));
    assertThat(dnsmasq()).contains("DHCPACK(eth0) 10.88.0.5").doesNotContain("DHCPNAK");
    assertThat(Files.readString(folder.resolve("dnsmasq.leases"))).contains(mac);
  }

  private void assertPlainClientIsLeftAlone(RomLab lab) {
    String mac = "52:54:00:12:40:99";
    lab.lab.newCard(mac);
    Namespace.Result result =
        lab.lab.client(LIMIT, "udhcpc", "-i", "eth0", "-f", "-q", "-n", "-s", "/bin/true");
    assertThat(result.output()).contains("obtained from 10.88.0.3");
    assertThat(lab.lab.trace())
        .filteredOn(line -> line.contains(mac))
        .isNotEmpty()
        .allMatch(line -> line.contains("outcome=IGNORED") && line.contains("not-for-a-proxy"));
  }
}
