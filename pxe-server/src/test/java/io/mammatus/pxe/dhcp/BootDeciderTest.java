package io.mammatus.pxe.dhcp;

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

import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.pxe.dhcp.BootDecision.Loader;
import io.mammatus.pxe.view.Host;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BootDeciderTest {

  private static final BootDecision NOTHING = new BootDecision.AddressOnly();
  private static final BootDecision SHIM = new Loader("shimx64.efi", Loader.Reason.SIGNED);
  private static final List<DhcpOption> UEFI = List.of(pxe(7), arch(7));
  private static final List<DhcpOption> BIOS = List.of(pxe(0), arch(0));

  /** docs/boot.md: every line of its table is decided here. */
  static Stream<BootTable.Row> table() throws IOException {
    return BootTable.read().stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void theTableInTheDocumentationIsWhatIsDecided(BootTable.Row row) {
    BootDecision decision =
        BootDecider.decide(
            ClientFacts.of(row.message()), HOST, row.mac(), SERVER, row.recent(), row.settings());
    assertThat(BootTable.words(decision)).isEqualTo(row.gets());
  }

  @Test
  void theTableHasEveryFirmwareAndEveryDecision() throws IOException {
    List<BootTable.Row> rows = BootTable.read();
    assertThat(rows.stream().flatMap(row -> row.architectures().stream()))
        .containsAll(Stream.of(Firmware.values()).map(Firmware::architecture).toList());
    assertThat(rows.stream().map(row -> row.gets().split(" ", 2)[0]).distinct())
        .containsExactlyInAnyOrder(
            "address", "TFTP", "HTTP", "HTTPS", "script", "Raspberry", "nothing:");
    assertThat(rows.stream().map(BootTable.Row::name)).doesNotHaveDuplicates();
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
        .isEqualTo(new Loader("undionly.kpxe", Loader.Reason.CHAINED));
    assertThat(decide(HOST, BootDecider.MAX_CHAINS, lacking))
        .isEqualTo(new BootDecision.Unsupported(IgnoreReason.LOADER_LACKS_FEATURES));
  }

  /** Firmware that enforces Secure Boot loads what is not signed, refuses it, and asks again. */
  @Test
  void whoDidNotStartTheLoaderIsGivenTheSignedOne() {
    assertThat(unstarted(Fixtures.EVERYTHING, UEFI, 0))
        .isEqualTo(new Loader("snponly.efi", Loader.Reason.FIRST));
    assertThat(unstarted(Fixtures.EVERYTHING, UEFI, 1)).isEqualTo(SHIM);
    assertThat(unstarted(SETTINGS, UEFI, 1))
        .as("without the files")
        .isEqualTo(new Loader("snponly.efi", Loader.Reason.FIRST));
    assertThat(unstarted(Fixtures.EVERYTHING, BIOS, 9))
        .isEqualTo(new Loader("undionly.kpxe", Loader.Reason.FIRST));
  }

  @Test
  void aSignedLoaderCanBeForEverybodyOrForNobody() {
    assertThat(unstarted(with(SecureBoot.ALWAYS), UEFI, 0)).isEqualTo(SHIM);
    assertThat(unstarted(with(SecureBoot.NEVER), UEFI, 5))
        .isEqualTo(new Loader("snponly.efi", Loader.Reason.FIRST));
    assertThat(unstarted(with(SecureBoot.ALWAYS), List.of(arch(7), ipxe(HTTP, EFI)), 0))
        .as("an iPXE runs: nothing refused it")
        .isInstanceOf(BootDecision.Script.class);
  }

  /** A shim that finds no GRUB beside it is of no use. */
  @Test
  void aShimAloneIsNoSignedLoader() {
    BootSettings settings = BootSettings.of(Set.of("shimx64.efi"), SecureBoot.ALWAYS, 80, true);
    assertThat(settings.signedLoader()).isEmpty();
  }

  /** Whatever a machine says of itself, only what we named reaches a decision. */
  @Test
  void nothingThatAMachineSendsIsInADecision() {
    for (String text : BootTable.HOSTILE) {
      List<DhcpOption> says =
          List.of(
              new DhcpOption.Text(OptionCode.VENDOR_CLASS, "PXEClient" + text),
              new DhcpOption.Text(OptionCode.HOST_NAME, text),
              new DhcpOption.Text(OptionCode.BOOTFILE_NAME, text),
              new DhcpOption.UserClass(List.of(text)),
              arch(7));
      assertThat(decide(HOST, 0, says)).isEqualTo(new Loader("snponly.efi", Loader.Reason.FIRST));
    }
  }

  private static BootSettings with(SecureBoot secureBoot) {
    return BootSettings.of(Set.of("shimx64.efi", "grubx64.efi"), secureBoot, 8069, true);
  }

  private static BootDecision unstarted(
      BootSettings settings, List<DhcpOption> options, int unstarted) {
    return decide(HOST, new BootMemory.Recent(0, unstarted), options, settings);
  }

  private static BootDecision decide(Host host, int chains, List<DhcpOption> options) {
    return decide(host, new BootMemory.Recent(chains, 0), options, SETTINGS);
  }

  private static BootDecision decide(
      Host host, BootMemory.Recent recent, List<DhcpOption> options, BootSettings settings) {
    ClientFacts client =
        ClientFacts.of(message(DhcpMessageType.DISCOVER, options.toArray(new DhcpOption[0])));
    return BootDecider.decide(client, host, MACHINE, SERVER, recent, settings);
  }
}
