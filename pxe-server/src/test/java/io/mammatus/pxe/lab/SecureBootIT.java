package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** OVMF with Microsoft's keys, enforcing Secure Boot: shim, GRUB, and the distribution's kernel. */
class SecureBootIT {

  private static final String MAC = "52:54:00:12:34:60";

  private @TempDir Path folder;

  @BeforeEach
  void prerequisites() {
    Prerequisites.require(
        "ip",
        "apt-get",
        "qemu-system-x86_64",
        "/usr/lib/ipxe/snponly.efi",
        "/usr/share/OVMF/OVMF_CODE_4M.ms.fd",
        "/usr/share/OVMF/OVMF_VARS_4M.ms.fd");
  }

  /** Nobody said that Secure Boot is on: the firmware refuses iPXE, and gets the other way next. */
  @Test
  void whoRefusesTheUnsignedLoaderStartsASignedKernelNextTime() throws Exception {
    Path kernel = Path.of(RomLab.output("../lab/signed-kernel"));
    try (RomLab lab = new RomLab(folder, kernel, "console=ttyS0", List.of())) {
      lab.power(machine(lab));
      lab.awaitConsole("Access Denied");
      assertThat(lab.reasons(MAC)).containsExactly("enrolling", "loader", "loader");

      lab.powerOff();
      lab.power(machine(lab));
      lab.awaitConsole("Secure boot enabled");
      assertThat(lab.reasons(MAC)).endsWith("signed-loader", "signed-loader");
      assertThat(lab.console())
          .contains("Mammatus: loading the node image", "Kernel is locked down", "BOOTIF=01-52-54");
    }
  }

  @Test
  void aKernelThatIsNotSignedIsNotStarted() throws Exception {
    List<String> always = List.of("-DsecureBoot=ALWAYS");
    try (RomLab lab =
        new RomLab(folder, Path.of("/usr/lib/ipxe/snponly.efi"), "console=ttyS0", always)) {
      lab.power(machine(lab));
      lab.awaitConsole("bad shim signature");
      lab.awaitConsole("could not load the node image; asking again");
    }
  }

  private static List<String> machine(RomLab lab) throws Exception {
    List<String> options = lab.secureUefi();
    Collections.addAll(options, "-device", RomLab.card(MAC, ",romfile="));
    return options;
  }
}
