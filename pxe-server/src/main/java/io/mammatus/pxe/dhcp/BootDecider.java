package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.BootUrl;
import io.mammatus.protocols.dhcp4.IpxeFeature;
import io.mammatus.pxe.view.Host;
import java.util.Optional;

/** Which loader or script fits a client: a pure function, where firmware's ways are kept. */
public final class BootDecider {

  /** How often within two minutes an iPXE is replaced by ours before that counts as a loop. */
  public static final int MAX_CHAINS = 3;

  private enum Platform {
    BIOS,
    EFI_X64
  }

  private BootDecider() {}

  /**
   * @param mac as the client sent it, for the script's URL
   * @param server where loader and script come from
   * @param recentChains how often this client, being an iPXE, was given our loader lately
   */
  public static BootDecision decide(
      ClientFacts client,
      Host host,
      Mac mac,
      Ipv4 server,
      int recentChains,
      BootSettings settings) {
    if (host.kind() != Host.Kind.MACHINE) {
      return new BootDecision.AddressOnly();
    }
    if (client.isHttpBoot()) {
      return httpBoot(client, server, settings);
    }
    // The operating system that runs asks without the class. So does an iPXE that is told to leave
    // it out, but that still shows its options.
    if (!client.isPxe() && !client.isIpxe()) {
      return new BootDecision.AddressOnly();
    }
    Optional<Platform> platform = platform(client);
    if (platform.isEmpty()) {
      return new BootDecision.Unsupported(IgnoreReason.UNSUPPORTED_ARCHITECTURE);
    }
    if (client.isIpxe() && canRunScripts(client, platform.get(), settings)) {
      return new BootDecision.Script(scriptUrl(server, mac, settings));
    }
    // An iPXE that lacks what the script needs is replaced by ours. If ours lacked it too, that
    // would go round for ever.
    if (client.isIpxe() && recentChains >= MAX_CHAINS) {
      return new BootDecision.Unsupported(IgnoreReason.LOADER_LACKS_FEATURES);
    }
    String file = platform.get() == Platform.BIOS ? settings.biosLoader() : settings.efiLoader();
    return new BootDecision.Loader(file, client.isIpxe());
  }

  /** The script that is made for a machine, at its MAC: nothing in it is a secret. */
  public static BootUrl scriptUrl(Ipv4 server, Mac mac, BootSettings settings) {
    return new BootUrl(server, settings.httpPort(), "/v1/boot/" + mac.hyphenated());
  }

  /**
   * IANA's processor architecture types. 0 is x86 BIOS. Both 7 and 9 are x86-64 UEFI in the field:
   * RFC 4578 had them the other way round than firmware took them (errata 4625), OVMF says 7. 6 is
   * 32-bit UEFI, 11 is 64-bit ARM: there is no loader for them. The option is missing in some old
   * BIOS ROMs, though RFC 4578 wants it.
   */
  private static Optional<Platform> platform(ClientFacts client) {
    if (client.architectures().isEmpty()) {
      return Optional.of(Platform.BIOS);
    }
    return client.architectures().stream()
        .flatMap(arch ->
            switch (arch) {
              case 0 -> Optional.of(Platform.BIOS).stream();
              case 7, 9 -> Optional.of(Platform.EFI_X64).stream();
              default -> Optional.<Platform>empty().stream();
            })
        .findFirst();
  }

  /**
   * The script loads over HTTP. A BIOS iPXE needs the bzImage format for the kernel; an EFI one
   * starts it as the EFI program that it also is, and has no such feature.
   */
  private static boolean canRunScripts(
      ClientFacts client, Platform platform, BootSettings settings) {
    if (client.userClasses().contains(settings.ownUserClass())) {
      return true;
    }
    IpxeFeature starts =
        switch (platform) {
          case BIOS -> IpxeFeature.BZIMAGE;
          case EFI_X64 -> IpxeFeature.EFI;
        };
    return client.has(IpxeFeature.HTTP) && client.has(starts);
  }

  /** 16 is x86-64 UEFI over HTTP. */
  private static BootDecision httpBoot(ClientFacts client, Ipv4 server, BootSettings settings) {
    return client.architectures().contains(16)
        ? new BootDecision.HttpLoader(
            new BootUrl(server, settings.httpPort(), "/v1/loaders/" + settings.efiLoader()))
        : new BootDecision.Unsupported(IgnoreReason.UNSUPPORTED_ARCHITECTURE);
  }
}
