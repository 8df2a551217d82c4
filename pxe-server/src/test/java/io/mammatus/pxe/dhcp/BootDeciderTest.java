package io.mammatus.pxe.dhcp;

import static io.mammatus.protocols.dhcp4.IpxeFeature.BZIMAGE;
import static io.mammatus.protocols.dhcp4.IpxeFeature.EFI;
import static io.mammatus.protocols.dhcp4.IpxeFeature.HTTP;
import static io.mammatus.pxe.dhcp.Fixtures.GUEST;
import static io.mammatus.pxe.dhcp.Fixtures.HOST;
import static io.mammatus.pxe.dhcp.Fixtures.MACHINE;
import static io.mammatus.pxe.dhcp.Fixtures.SERVER;
import static io.mammatus.pxe.dhcp.Fixtures.SETTINGS;
import static io.mammatus.pxe.dhcp.Fixtures.arch;
import static io.mammatus.pxe.dhcp.Fixtures.ipxe;
import static io.mammatus.pxe.dhcp.Fixtures.message;
import static io.mammatus.pxe.dhcp.Fixtures.pxe;
import static io.mammatus.pxe.dhcp.Fixtures.userClass;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.protocols.boot.BootUrl;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.view.Host;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BootDeciderTest {

  private static final BootDecision NOTHING = new BootDecision.AddressOnly();
  private static final BootDecision BIOS = new BootDecision.Loader("undionly.kpxe", false);
  private static final BootDecision UEFI = new BootDecision.Loader("snponly.efi", false);
  private static final BootDecision SCRIPT =
      new BootDecision.Script(new BootUrl(SERVER, 8069, "/v1/boot/52-54-00-12-34-56"));
  private static final BootDecision NO_LOADER =
      new BootDecision.Unsupported(IgnoreReason.UNSUPPORTED_ARCHITECTURE);

  static Stream<Arguments> clients() {
    return Stream.of(
        row("an operating system", NOTHING),
        row("udhcpc", NOTHING, new DhcpOption.Text(OptionCode.VENDOR_CLASS, "udhcp 1.35.0")),
        row("a BIOS ROM", BIOS, pxe(0), arch(0)),
        row("an old BIOS ROM without option 93", BIOS, pxe(0)),
        row("UEFI that says 7, as OVMF does", UEFI, pxe(7), arch(7)),
        row("UEFI that says 9, as RFC 4578 once had it", UEFI, pxe(9), arch(9)),
        row("several architectures, one of them known", UEFI, pxe(7), archs(6, 7)),
        row("32-bit UEFI", NO_LOADER, pxe(6), arch(6)),
        row("64-bit ARM", NO_LOADER, pxe(11), arch(11)),
        row(
            "an iPXE ROM as in QEMU",
            SCRIPT,
            pxe(0),
            arch(0),
            userClass("iPXE"),
            ipxe(HTTP, BZIMAGE)),
        row("snponly.efi", SCRIPT, pxe(7), arch(7), userClass("iPXE"), ipxe(HTTP, EFI)),
        row("iPXE without vendor class", SCRIPT, arch(0), ipxe(HTTP, BZIMAGE)),
        row("our own build", SCRIPT, pxe(0), arch(0), userClass("mammatus"), ipxe()),
        row(
            "an iPXE ROM without HTTP",
            new BootDecision.Loader("undionly.kpxe", true),
            pxe(0),
            arch(0),
            userClass("iPXE"),
            ipxe(BZIMAGE)),
        row(
            "an EFI iPXE whose EFI images are off",
            new BootDecision.Loader("snponly.efi", true),
            pxe(7),
            arch(7),
            userClass("iPXE"),
            ipxe(HTTP)),
        row(
            "UEFI HTTP boot, as OVMF does it",
            new BootDecision.HttpLoader(new BootUrl(SERVER, 8069, "/v1/loaders/snponly.efi")),
            http(16),
            arch(16)),
        row("UEFI HTTP boot on ARM", NO_LOADER, http(19), arch(19)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void whatFits(String name, BootDecision expected, List<DhcpOption> options) {
    assertThat(decide(HOST, 0, options)).isEqualTo(expected);
  }

  @Test
  void instancesAreNeverBooted() {
    assertThat(decide(GUEST, 0, List.of(pxe(0), arch(0)))).isEqualTo(NOTHING);
  }

  /** Were our loader built without HTTP, chaining it into itself would go on for ever. */
  @Test
  void aLoaderThatLacksFeaturesIsNotChainedForEver() {
    List<DhcpOption> lacking = List.of(pxe(0), arch(0), userClass("iPXE"), ipxe());
    assertThat(decide(HOST, BootDecider.MAX_CHAINS - 1, lacking))
        .isEqualTo(new BootDecision.Loader("undionly.kpxe", true));
    assertThat(decide(HOST, BootDecider.MAX_CHAINS, lacking))
        .isEqualTo(new BootDecision.Unsupported(IgnoreReason.LOADER_LACKS_FEATURES));
  }

  private static BootDecision decide(Host host, int chains, List<DhcpOption> options) {
    ClientFacts client =
        ClientFacts.of(message(DhcpMessageType.DISCOVER, options.toArray(new DhcpOption[0])));
    return BootDecider.decide(client, host, MACHINE, SERVER, chains, SETTINGS);
  }

  private static Arguments row(String name, BootDecision expected, DhcpOption... options) {
    return Arguments.of(name, expected, List.of(options));
  }

  private static DhcpOption archs(int... numbers) {
    return new DhcpOption.ClientArch(java.util.Arrays.stream(numbers).boxed().toList());
  }

  private static DhcpOption http(int arch) {
    return new DhcpOption.Text(
        OptionCode.VENDOR_CLASS, "HTTPClient:Arch:%05d:UNDI:003001".formatted(arch));
  }
}
