package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.BootUrl;
import io.mammatus.protocols.dhcp4.IpxeFeature;
import io.mammatus.pxe.dhcp.BootDecision.Loader;
import io.mammatus.pxe.dhcp.Firmware.Platform;
import io.mammatus.pxe.view.Host;
import java.util.Optional;

/**
 * Which loader or script fits a client: a pure function, where firmware's ways are kept.
 * docs/boot.md has a row for each of them, and a test that both say the same.
 */
public final class BootDecider {

  /** How often within two minutes an iPXE is replaced by ours before that counts as a loop. */
  public static final int MAX_CHAINS = 3;

  private BootDecider() {}

  /**
   * @param mac as the client sent it, for the script's URL
   * @param server where loader and script come from
   * @param recent what this client was given lately
   */
  public static BootDecision decide(
      ClientFacts client,
      Host host,
      Mac mac,
      Ipv4 server,
      BootMemory.Recent recent,
      BootSettings settings) {
    if (host.kind() != Host.Kind.MACHINE) {
      return new BootDecision.AddressOnly();
    }
    if (client.isHttpBoot()) {
      return httpBoot(client, server, recent, settings);
    }
    // The operating system that runs asks without the class. So does an iPXE that is told to leave
    // it out, but that still shows its options.
    if (!client.isPxe() && !client.isIpxe()) {
      return new BootDecision.AddressOnly();
    }
    if (client.isRaspberryPi()) {
      return settings.raspberryPi() ? new BootDecision.RaspberryPi() : noLoader();
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
    if (client.isIpxe() && recent.chains() >= MAX_CHAINS) {
      return new BootDecision.Unsupported(IgnoreReason.LOADER_LACKS_FEATURES);
    }
    return loader(platform.get(), client.isIpxe(), recent, settings);
  }

  /** The script that is made for a machine, at its MAC: nothing in it is a secret. */
  public static BootUrl scriptUrl(Ipv4 server, Mac mac, BootSettings settings) {
    return new BootUrl(server, settings.httpPort(), "/v1/boot/" + mac.hyphenated());
  }

  /**
   * What a loader is needed for: the first architecture that there is one for. The option is
   * missing in some old BIOS ROMs, though RFC 4578 wants it.
   */
  private static Optional<Platform> platform(ClientFacts client) {
    return client.architectures().isEmpty()
        ? Optional.of(Platform.BIOS)
        : client.architectures().stream()
            .flatMap(number -> Firmware.of(number).flatMap(Firmware::platform).stream())
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
          case UEFI_X64, UEFI_ARM64 -> IpxeFeature.EFI;
        };
    return client.has(IpxeFeature.HTTP) && client.has(starts);
  }

  private static BootDecision loader(
      Platform platform, boolean ipxe, BootMemory.Recent recent, BootSettings settings) {
    // Where an iPXE runs, nothing refuses what is not signed.
    if (!ipxe && signed(platform, recent, settings)) {
      return new Loader(settings.signedLoader().orElseThrow(), Loader.Reason.SIGNED);
    }
    return unsigned(platform, settings)
        .<BootDecision>map(
            file -> new Loader(file, ipxe ? Loader.Reason.CHAINED : Loader.Reason.FIRST))
        .orElseGet(BootDecider::noLoader);
  }

  private static Optional<String> unsigned(Platform platform, BootSettings settings) {
    return switch (platform) {
      case BIOS -> Optional.of(settings.biosLoader());
      case UEFI_X64 -> Optional.of(settings.efiLoader());
      case UEFI_ARM64 -> settings.armLoader();
    };
  }

  private static boolean signed(
      Platform platform, BootMemory.Recent recent, BootSettings settings) {
    return platform == Platform.UEFI_X64
        && settings.signedLoader().isPresent()
        && switch (settings.secureBoot()) {
          case ALWAYS -> true;
          case NEVER -> false;
          case AUTO -> recent.unstarted() > 0;
        };
  }

  /**
   * UEFI 2.10, section 24.7: the loader is named by a URL. Debian 12's shim fetches its GRUB so,
   * but that GRUB knows port 80 alone and ends in a prompt: whoever did not start the unsigned
   * loader is given it again, in the hope that something else was wrong. Over TLS first: what the
   * firmware can, and which authorities it believes, only shows by what it does.
   */
  private static BootDecision httpBoot(
      ClientFacts client, Ipv4 server, BootMemory.Recent recent, BootSettings settings) {
    Optional<Platform> platform = platform(client).filter(found -> found != Platform.BIOS);
    if (platform.isEmpty()) {
      return new BootDecision.Unsupported(IgnoreReason.UNSUPPORTED_ARCHITECTURE);
    }
    if (signed(platform.get(), BootMemory.Recent.NOTHING, settings)) {
      return new BootDecision.Unsupported(IgnoreReason.SIGNED_LOADER_NEEDS_PXE);
    }
    return unsigned(platform.get(), settings)
        .<BootDecision>map(file ->
            new BootDecision.HttpLoader(loaderUrl(server, "/v1/loaders/" + file, recent, settings)))
        .orElseGet(BootDecider::noLoader);
  }

  private static BootUrl loaderUrl(
      Ipv4 server, String path, BootMemory.Recent recent, BootSettings settings) {
    return settings
        .https()
        .filter(https -> recent.unstarted() == 0 || !https.fallback())
        .map(https -> new BootUrl(true, server, https.port(), path))
        .orElseGet(() -> new BootUrl(server, settings.httpPort(), path));
  }

  private static BootDecision noLoader() {
    return new BootDecision.Unsupported(IgnoreReason.LOADER_MISSING);
  }
}
