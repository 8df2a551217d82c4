package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines for which there is nothing to do: the network first, then their own disk, once. */
class LocalDiskIT {

  /**
   * {@link ServerMain} takes such a card for that of a machine that is not to boot a node image.
   */
  private static final String MAC = "52:54:03:12:34:70";

  private static final String STARTED = "the disk has started";

  private @TempDir Path folder;

  /** A ROM would begin again with the network if it was only left. */
  @Test
  void biosStartsItsDisk() throws Exception {
    Prerequisites.require("ip", "qemu-system-x86_64", "/usr/lib/ipxe/undionly.kpxe");
    Path disk = folder.resolve("disk.img");
    Files.write(disk, bootSector());
    try (RomLab lab = lab(List.of())) {
      lab.power(machine(List.of(), disk, ""));
      lab.awaitConsole(STARTED);
      assertThat(scripts(lab)).isEqualTo(1);
    }
  }

  /**
   * iPXE ends with an error, so that the firmware goes on in its boot order: in OVMF's the card
   * comes twice before the disk, over PXE and over HTTP.
   */
  @Test
  void uefiGoesOnToItsDisk() throws Exception {
    requireUefi();
    try (RomLab lab = lab(List.of())) {
      List<String> firmware = lab.uefi();
      // a minute in which nobody answers
      Collections.addAll(firmware, "-fw_cfg", "name=opt/org.tianocore/IPv6PXESupport,string=no");
      lab.power(machine(firmware, systemPartition("EFI/BOOT", "BOOTX64.EFI"), ",romfile="));
      lab.awaitConsole(STARTED);
      assertThat(scripts(lab)).isBetween(1L, 2L);
    }
  }

  /** GRUB looks for the disk's loader itself. */
  @Test
  void grubStartsTheDiskUnderSecureBoot() throws Exception {
    requireUefi();
    try (RomLab lab = lab(List.of("-DsecureBoot=ALWAYS"))) {
      Path disk = systemPartition("EFI/debian", "shimx64.efi");
      lab.power(machine(lab.secureUefi(), disk, ",romfile="));
      lab.awaitConsole(STARTED);
      assertThat(lab.console()).containsOnlyOnce("Mammatus: booting from the local disk");
    }
  }

  private static void requireUefi() {
    Prerequisites.require(
        "ip",
        "apt-get",
        "mformat",
        "sfdisk",
        "qemu-system-x86_64",
        "/usr/lib/ipxe/snponly.efi",
        "/usr/share/OVMF/OVMF_VARS_4M.ms.fd");
  }

  private static long scripts(RomLab lab) {
    return lab.lab.trace().stream()
        .filter(line -> line.contains("step=script") && line.contains("stage=FINISHED"))
        .count();
  }

  private RomLab lab(List<String> server) throws IOException {
    return new RomLab(folder, Path.of("/usr/lib/ipxe/snponly.efi"), "quiet", server);
  }

  /** The network first, as on a machine that a cloud manages. */
  private static List<String> machine(List<String> firmware, Path disk, String card) {
    List<String> options = new ArrayList<>(firmware);
    Collections.addAll(
        options,
        "-device",
        RomLab.card(MAC, card),
        "-drive",
        "if=none,id=d0,format=raw,file=" + disk,
        "-device",
        "virtio-blk-pci,drive=d0,bootindex=2");
    return options;
  }

  /** Writes a line to the first serial port, and halts. */
  private static byte[] bootSector() {
    byte[] sector = new byte[1 << 20];
    // xor ax,ax; mov ds,ax; mov si,7c15; mov dx,3f8; next: lodsb; test al,al; jz end; out dx,al;
    // jmp next; end: hlt; jmp end
    byte[] code = HexFormat.of().parseHex("31c08ed8be157cbaf803ac84c07403eeebf8f4ebfd");
    byte[] text = (STARTED + "\r\n\0").getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(code, 0, sector, 0, code.length);
    System.arraycopy(text, 0, sector, code.length, text.length);
    sector[510] = 0x55;
    sector[511] = (byte) 0xaa;
    return sector;
  }

  /** A disk with shim and GRUB in its system partition, the shim by the name {@code loader}. */
  private Path systemPartition(String path, String loader) throws IOException {
    Path disk = folder.resolve("disk.img");
    try (RandomAccessFile empty = new RandomAccessFile(disk.toFile(), "rw")) {
      empty.setLength(66 << 20);
    }
    Path table = folder.resolve("table");
    Files.writeString(table, "label: gpt\nstart=2048, size=131072, type=uefi\n");
    RomLab.run("sh", "-c", "sfdisk -q " + disk + " <" + table);
    String partition = disk + "@@1M";
    RomLab.run("mformat", "-i", partition, "-F", "-T", "131072", "::");
    for (String made : List.of("EFI", path, "grub")) {
      RomLab.run("mmd", "-i", partition, "::/" + made);
    }
    Path grub = folder.resolve("grub.cfg");
    Files.writeString(grub, "echo '" + STARTED + "'\nsleep 600\n");
    Path loaders = folder.resolve("loaders");
    copy(partition, loaders.resolve("shimx64.efi"), path + "/" + loader);
    copy(partition, loaders.resolve("grubx64.efi"), path + "/grubx64.efi");
    copy(partition, grub, "grub/grub.cfg");
    return disk;
  }

  private static void copy(String partition, Path file, String name) throws IOException {
    RomLab.run("mcopy", "-i", partition, file.toString(), "::/" + name);
  }
}
