package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.DhcpSpec;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.boot.BootUrl;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.DhcpOptions;
import io.mammatus.protocols.dhcp4.DomainNames;
import io.mammatus.protocols.dhcp4.IpxeFeature;
import io.mammatus.protocols.dhcp4.OptionCode;
import io.mammatus.protocols.dhcp4.Route;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.Subnet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What replies say. */
final class ReplyOptions {

  private static final Cidr METADATA = Cidr.parse("169.254.169.254/32");
  private static final Cidr DEFAULT = Cidr.parse("0.0.0.0/0");

  /**
   * Option 43 for PXE clients: PXE_DISCOVERY_CONTROL (6) = 8, "download the file that this offer
   * names, look for no boot server", and the end (PXE 2.1, table 2-2). Without it some ROMs, OVMF's
   * among them, take an offer with option 60 for that of a boot server to be discovered first.
   */
  private static final Bytes PXE_NO_DISCOVERY = Bytes.hex("060108ff");

  /**
   * Option 43 for a Raspberry Pi's boot ROM: it looks for its own name in it and for nothing else
   * (Raspberry Pi's documentation, network booting), as the one entry of a boot menu: type 0, its
   * length and text (PXE 2.1, table 2-2, PXE_BOOT_MENU).
   */
  private static final Bytes RASPBERRY_PI =
      Bytes.hex(
          "060103"
              + "0a0400505845"
              + "0914000011"
              + "5261737062657272792050692042"
              + "6f6f74"
              + "ff");

  private ReplyOptions() {}

  static DhcpMessage lease(
      DhcpMessage request,
      DhcpMessageType type,
      Host host,
      Subnet subnet,
      ClientFacts client,
      BootDecision boot) {
    List<DhcpOption> options = begin(request, type, subnet);
    long seconds = subnet.leaseTime().toSeconds();
    options.add(new DhcpOption.Seconds(OptionCode.LEASE_TIME, seconds));
    options.add(new DhcpOption.Seconds(OptionCode.RENEWAL_TIME, seconds / 2));
    // RFC 2131, section 4.4.5: T2 is 0.875 of the lease.
    options.add(new DhcpOption.Seconds(OptionCode.REBINDING_TIME, seconds * 7 / 8));
    settings(options, request, host, subnet);
    String file = boot(options, request, subnet, client, boot);
    replace(options, subnet);
    boolean boots = !(boot instanceof BootDecision.AddressOnly);
    return request.reply(
        type == DhcpMessageType.ACK ? request.ciaddr() : Ipv4.ANY,
        host.address(),
        boots ? subnet.serverAddress() : Ipv4.ANY,
        file,
        DhcpOptions.of(options));
  }

  /** What to boot, and nothing of addresses: those are another server's. */
  static DhcpMessage proxy(
      DhcpMessage request,
      DhcpMessageType type,
      Subnet subnet,
      ClientFacts client,
      BootDecision boot) {
    List<DhcpOption> options = begin(request, type, subnet);
    String file = boot(options, request, subnet, client, boot);
    return request.reply(
        request.ciaddr(), Ipv4.ANY, subnet.serverAddress(), file, DhcpOptions.of(options));
  }

  static DhcpMessage inform(DhcpMessage request, Host host, Subnet subnet) {
    List<DhcpOption> options = begin(request, DhcpMessageType.ACK, subnet);
    settings(options, request, host, subnet);
    replace(options, subnet);
    return request.reply(request.ciaddr(), Ipv4.ANY, Ipv4.ANY, "", DhcpOptions.of(options));
  }

  static List<DhcpOption> nak(DhcpMessage request, Subnet subnet) {
    List<DhcpOption> options = begin(request, DhcpMessageType.NAK, subnet);
    options.add(new DhcpOption.Text(OptionCode.MESSAGE, "not your address here"));
    return options;
  }

  private static List<DhcpOption> begin(DhcpMessage request, DhcpMessageType type, Subnet subnet) {
    List<DhcpOption> options = new ArrayList<>();
    options.add(new DhcpOption.MessageType(type));
    options.add(new DhcpOption.Address(OptionCode.SERVER_ID, subnet.serverAddress()));
    // RFC 6842: the client identifier comes back in every reply; RFC 3046: so does option 82.
    request.options().get(OptionCode.CLIENT_ID).ifPresent(options::add);
    request.options().get(OptionCode.RELAY_AGENT_INFO).ifPresent(options::add);
    // RFC 3011: the server tells that it went by the subnet that the client named.
    if (Place.isByClient(request)) {
      request.options().get(OptionCode.SUBNET_SELECTION).ifPresent(options::add);
    }
    return options;
  }

  private static void settings(
      List<DhcpOption> options, DhcpMessage request, Host host, Subnet subnet) {
    options.add(new DhcpOption.Address(OptionCode.SUBNET_MASK, subnet.cidr().netmask()));
    options.add(new DhcpOption.Address(OptionCode.BROADCAST_ADDRESS, subnet.cidr().broadcast()));
    subnet
        .gateway()
        .ifPresent(
            gateway -> options.add(new DhcpOption.Addresses(OptionCode.ROUTERS, List.of(gateway))));
    routes(options, request, subnet);
    list(options, OptionCode.DNS_SERVERS, subnet.dns());
    list(options, OptionCode.NTP_SERVERS, subnet.dhcp().ntp());
    Integer mtu = subnet.dhcp().mtu();
    if (mtu != null) {
      options.add(new DhcpOption.InterfaceMtu(mtu));
    }
    subnet
        .domain()
        .ifPresent(name -> options.add(new DhcpOption.Text(OptionCode.DOMAIN_NAME, name)));
    if (!subnet.dhcp().search().isEmpty()) {
      options.add(new DhcpOption.DomainSearch(subnet.dhcp().search()));
    }
    if (!host.name().isEmpty()) {
      options.add(new DhcpOption.Text(OptionCode.HOST_NAME, host.name()));
      fqdn(options, request, host, subnet);
    }
  }

  private static void list(List<DhcpOption> options, int code, List<Ipv4> addresses) {
    if (!addresses.isEmpty()) {
      options.add(new DhcpOption.Addresses(code, addresses));
    }
  }

  /**
   * RFC 3442: who takes option 121 ignores option 3, so the default route is in both. Option 249 is
   * the same for clients older than the number 121: only who asks for it gets it.
   */
  private static void routes(List<DhcpOption> options, DhcpMessage request, Subnet subnet) {
    List<Route> routes = new ArrayList<>();
    subnet.metadataRouter().ifPresent(router -> routes.add(new Route(METADATA, router)));
    subnet.dhcp().routes().forEach(route -> routes.add(new Route(route.to(), route.via())));
    subnet.gateway().ifPresent(gateway -> routes.add(new Route(DEFAULT, gateway)));
    if (routes.isEmpty()) {
      return; // RFC 3442: the option has one route at least
    }
    options.add(new DhcpOption.ClasslessRoutes(routes));
    if (request.options().parameterList().contains(OptionCode.MICROSOFT_CLASSLESS_ROUTES)) {
      options.add(new DhcpOption.ClasslessRoutes(OptionCode.MICROSOFT_CLASSLESS_ROUTES, routes));
    }
  }

  /**
   * RFC 4702, section 4: who names itself is told what it is called here, and that its names are
   * the server's to keep; in the form that it used itself.
   */
  private static void fqdn(
      List<DhcpOption> options, DhcpMessage request, Host host, Subnet subnet) {
    request
        .options()
        .get(OptionCode.CLIENT_FQDN, DhcpOption.ClientFqdn.class)
        .ifPresent(asked -> {
          String name = subnet.domain().map(zone -> host.name() + "." + zone).orElse(host.name());
          boolean wire = (asked.flags() & DhcpOption.ClientFqdn.WIRE_FORM) != 0;
          boolean wanted = (asked.flags() & DhcpOption.ClientFqdn.SERVER_UPDATES) != 0;
          int flags =
              DhcpOption.ClientFqdn.SERVER_UPDATES
                  | (wanted ? 0 : DhcpOption.ClientFqdn.OVERRIDDEN)
                  | (wire ? DhcpOption.ClientFqdn.WIRE_FORM : 0);
          byte[] octets =
              wire ? DomainNames.wire(List.of(name)) : name.getBytes(StandardCharsets.US_ASCII);
          options.add(new DhcpOption.ClientFqdn(flags, Bytes.owning(octets)));
        });
  }

  /** What an operator gives by number stands in place of what the server would say. */
  private static void replace(List<DhcpOption> options, Subnet subnet) {
    for (DhcpSpec.RawOption raw : subnet.dhcp().options()) {
      options.removeIf(option -> option.code() == raw.code());
      options.add(new DhcpOption.Raw(raw.code(), Bytes.hex(raw.hex())));
    }
  }

  /**
   * Adds what a ROM needs to boot.
   *
   * @return the name for the header's {@code file} field: BIOS ROMs read that, UEFI takes either
   */
  private static String boot(
      List<DhcpOption> options,
      DhcpMessage request,
      Subnet subnet,
      ClientFacts client,
      BootDecision boot) {
    return switch (boot) {
      case BootDecision.AddressOnly _ -> "";
      case BootDecision.Unsupported _ -> "";
      case BootDecision.Loader(String file, BootDecision.Loader.Reason _) -> {
        pxe(options, request, client);
        options.add(
            new DhcpOption.Text(OptionCode.TFTP_SERVER_NAME, subnet.serverAddress().toString()));
        list(options, OptionCode.TFTP_SERVER_ADDRESSES, List.of(subnet.serverAddress()));
        yield bootFile(options, file);
      }
      case BootDecision.RaspberryPi _ -> {
        options.add(new DhcpOption.Text(OptionCode.VENDOR_CLASS, "PXEClient"));
        options.add(new DhcpOption.Raw(OptionCode.VENDOR_SPECIFIC, RASPBERRY_PI));
        options.add(
            new DhcpOption.Text(OptionCode.TFTP_SERVER_NAME, subnet.serverAddress().toString()));
        yield "";
      }
      case BootDecision.Script(BootUrl url) -> {
        pxe(options, request, client);
        yield bootFile(options, url.toString());
      }
      case BootDecision.HttpLoader(BootUrl url) -> {
        // UEFI 2.10, section 24.7.3.1: an offer counts only with this class, and a URL in 67.
        options.add(new DhcpOption.Text(OptionCode.VENDOR_CLASS, "HTTPClient"));
        yield bootFile(options, url.toString());
      }
    };
  }

  private static String bootFile(List<DhcpOption> options, String name) {
    options.add(new DhcpOption.Text(OptionCode.BOOTFILE_NAME, name));
    return name;
  }

  private static void pxe(List<DhcpOption> options, DhcpMessage request, ClientFacts client) {
    if (client.isPxe()) {
      // PXE 2.1, section 2.2: an offer without this class is not a PXE offer to some ROMs.
      options.add(new DhcpOption.Text(OptionCode.VENDOR_CLASS, "PXEClient"));
      options.add(new DhcpOption.Raw(OptionCode.VENDOR_SPECIFIC, PXE_NO_DISCOVERY));
      // PXE 2.1, table 2-1: the machine identifier comes back.
      request.options().get(OptionCode.CLIENT_UUID).ifPresent(options::add);
    }
    if (client.isIpxe()) {
      // Else iPXE waits some seconds more for a ProxyDHCP server's offer.
      options.add(new DhcpOption.Ipxe(Map.of(IpxeFeature.NO_PROXY_DHCP, Bytes.of((byte) 1))));
    }
  }
}
