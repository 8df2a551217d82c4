package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.DhcpOptions;
import io.mammatus.protocols.dhcp4.IpxeFeature;
import io.mammatus.protocols.dhcp4.OptionCode;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a client says of itself as far as booting goes.
 *
 * @param mac the card that asks
 * @param vendorClass option 60, or empty
 * @param architectures option 93 in the client's order, or empty
 * @param userClasses option 77
 * @param ipxeFeatures flags of option 175; present, maybe empty, if the option is there
 */
public record ClientFacts(
    Mac mac,
    String vendorClass,
    List<Integer> architectures,
    List<String> userClasses,
    Optional<Set<IpxeFeature>> ipxeFeatures) {

  /** First three octets of the cards that Raspberry Pi boards have on them (IEEE's register). */
  private static final Set<Long> RASPBERRY_PI =
      Set.of(0xb827ebL, 0xdca632L, 0xe45f01L, 0xd83addL, 0x28cdc1L, 0x2ccf67L, 0x88a29eL);

  public ClientFacts {
    architectures = List.copyOf(architectures);
    userClasses = List.copyOf(userClasses);
  }

  /** Reads them off a message. */
  public static ClientFacts of(DhcpMessage message) {
    DhcpOptions options = message.options();
    return new ClientFacts(
        message.chaddr(),
        options.text(OptionCode.VENDOR_CLASS).orElse(""),
        options
            .get(OptionCode.CLIENT_ARCH, DhcpOption.ClientArch.class)
            .map(DhcpOption.ClientArch::architectures)
            .orElse(List.of()),
        options
            .get(OptionCode.USER_CLASS, DhcpOption.UserClass.class)
            .map(DhcpOption.UserClass::classes)
            .orElse(List.of()),
        options.get(OptionCode.IPXE, DhcpOption.Ipxe.class).map(ClientFacts::features));
  }

  private static Set<IpxeFeature> features(DhcpOption.Ipxe ipxe) {
    Set<IpxeFeature> features = EnumSet.noneOf(IpxeFeature.class);
    for (IpxeFeature feature : IpxeFeature.values()) {
      if (ipxe.has(feature)) {
        features.add(feature);
      }
    }
    return features;
  }

  /** RFC 4578, section 2: the class begins so; the rest tells architecture and UNDI version. */
  public boolean isPxe() {
    return vendorClass.startsWith("PXEClient");
  }

  /** UEFI 2.10, section 24.7: HTTP boot. */
  public boolean isHttpBoot() {
    return vendorClass.startsWith("HTTPClient");
  }

  /**
   * iPXE says so in option 77, unless somebody configured another class; option 175 is there in any
   * case.
   */
  public boolean isIpxe() {
    return userClasses.contains("iPXE") || ipxeFeatures.isPresent();
  }

  /** Whether it asks for something to boot. */
  public boolean boots() {
    return isPxe() || isIpxe() || isHttpBoot();
  }

  /**
   * The boot ROM of a Raspberry Pi says that it is a BIOS with exactly this class (Raspberry Pi's
   * documentation, network booting). Cards for PCs say so too, and a Pi with UEFI in between does
   * not: only both together tell.
   */
  public boolean isRaspberryPi() {
    return vendorClass.startsWith("PXEClient:Arch:00000:UNDI:002001")
        && RASPBERRY_PI.contains(mac.bits() >>> 24)
        && !isIpxe();
  }

  public boolean has(IpxeFeature feature) {
    return ipxeFeatures.isPresent() && ipxeFeatures.get().contains(feature);
  }
}
