package io.mammatus.pxe.dhcp;

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
 * @param vendorClass option 60, or empty
 * @param architectures option 93 in the client's order, or empty
 * @param userClasses option 77
 * @param ipxeFeatures flags of option 175; present, maybe empty, if the option is there
 */
public record ClientFacts(
    String vendorClass,
    List<Integer> architectures,
    List<String> userClasses,
    Optional<Set<IpxeFeature>> ipxeFeatures) {

  public ClientFacts {
    architectures = List.copyOf(architectures);
    userClasses = List.copyOf(userClasses);
  }

  /** Reads them off a message. */
  public static ClientFacts of(DhcpMessage message) {
    DhcpOptions options = message.options();
    return new ClientFacts(
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

  public boolean has(IpxeFeature feature) {
    return ipxeFeatures.isPresent() && ipxeFeatures.get().contains(feature);
  }
}
