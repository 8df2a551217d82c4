package io.mammatus.protocols.dhcp4;

import io.mammatus.core.net.Ipv4;
import io.mammatus.protocols.Bytes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** One DHCP option, typed by the shape of its value. */
public sealed interface DhcpOption {

  /** The option's number, 1 to 254. */
  int code();

  /** Option 53 (RFC 2132, section 9.6). */
  record MessageType(DhcpMessageType type) implements DhcpOption {
    @Override
    public int code() {
      return OptionCode.MESSAGE_TYPE;
    }
  }

  /** Exactly one address: options 1, 28, 50, 54, 118. */
  record Address(int code, Ipv4 address) implements DhcpOption {}

  /** One or more addresses in order of preference: options 3, 6, 42, 150. */
  record Addresses(int code, List<Ipv4> addresses) implements DhcpOption {
    public Addresses {
      addresses = List.copyOf(addresses);
    }
  }

  /**
   * A time span: options 51, 58, 59.
   *
   * @param seconds 0 to 4294967295, the last of which means for ever (RFC 2131, section 3.3)
   */
  record Seconds(int code, long seconds) implements DhcpOption {}

  /**
   * Text: options 12, 15, 56, 60, 66, 67, 209, 210 (RFC 5071). One character an octet (ISO 8859-1),
   * so that nothing is lost; it may hold any character and must be checked before it is shown or
   * used as a name.
   */
  record Text(int code, String text) implements DhcpOption {}

  /** Option 55: the codes asked for, in the client's order (RFC 2132, section 9.8). */
  record ParameterList(List<Integer> codes) implements DhcpOption {
    public ParameterList {
      codes = List.copyOf(codes);
    }

    @Override
    public int code() {
      return OptionCode.PARAMETER_LIST;
    }
  }

  /** Option 57: the longest message that the client takes, in octets (RFC 2132, section 9.10). */
  record MaxMessageSize(int octets) implements DhcpOption {
    @Override
    public int code() {
      return OptionCode.MAX_MESSAGE_SIZE;
    }
  }

  /** Option 61: a hardware type, or 0 or 255 for other identifiers, and the identifier. */
  record ClientId(int type, Bytes id) implements DhcpOption {
    @Override
    public int code() {
      return OptionCode.CLIENT_ID;
    }
  }

  /** Option 77: the classes, whether sent as RFC 3004 says or, as iPXE does, as bare text. */
  record UserClass(List<String> classes) implements DhcpOption {
    public UserClass {
      classes = List.copyOf(classes);
    }

    @Override
    public int code() {
      return OptionCode.USER_CLASS;
    }
  }

  /** Option 82: opaque, and echoed unchanged as the last option (RFC 3046, section 2.2). */
  record RelayAgentInfo(Bytes content) implements DhcpOption {

    /** A sub-option; empty if it is not there, or what there is does not add up. */
    public Optional<Bytes> subOption(int number) {
      byte[] octets = content.toArray();
      int at = 0;
      while (at + 1 < octets.length && at + 2 + (octets[at + 1] & 0xff) <= octets.length) {
        int length = octets[at + 1] & 0xff;
        if ((octets[at] & 0xff) == number) {
          return Optional.of(Bytes.of(octets, at + 2, length));
        }
        at += 2 + length;
      }
      return Optional.empty();
    }

    @Override
    public int code() {
      return OptionCode.RELAY_AGENT_INFO;
    }
  }

  /** Option 93: processor architecture numbers in the client's order (RFC 4578, section 2.1). */
  record ClientArch(List<Integer> architectures) implements DhcpOption {
    public ClientArch {
      architectures = List.copyOf(architectures);
    }

    @Override
    public int code() {
      return OptionCode.CLIENT_ARCH;
    }
  }

  /**
   * Option 97 of type 0: the SMBIOS UUID (RFC 4578, section 2.3), its octets taken in the order
   * they came. Firmware differs in the byte order of the first three fields; who compares it with
   * another source's must try both.
   */
  record ClientUuid(UUID uuid) implements DhcpOption {
    @Override
    public int code() {
      return OptionCode.CLIENT_UUID;
    }
  }

  /**
   * Option 94: which interface to its network card a ROM has (RFC 4578, section 2.2).
   *
   * @param type 1 is UNDI
   */
  record ClientInterface(int type, int major, int minor) implements DhcpOption {
    @Override
    public int code() {
      return OptionCode.CLIENT_INTERFACE;
    }
  }

  /** Options 121 (RFC 3442) and 249, the same before it had a number. */
  record ClasslessRoutes(int code, List<Route> routes) implements DhcpOption {
    public ClasslessRoutes {
      routes = List.copyOf(routes);
    }

    public ClasslessRoutes(List<Route> routes) {
      this(OptionCode.CLASSLESS_ROUTES, routes);
    }
  }

  /** Option 26: octets (RFC 2132, section 5.1). */
  record InterfaceMtu(int octets) implements DhcpOption {
    @Override
    public int code() {
      return OptionCode.INTERFACE_MTU;
    }
  }

  /** Option 119: domains to look names up in (RFC 3397), written without compression. */
  record DomainSearch(List<String> domains) implements DhcpOption {
    public DomainSearch {
      domains = List.copyOf(domains);
    }

    @Override
    public int code() {
      return OptionCode.DOMAIN_SEARCH;
    }
  }

  /**
   * Option 81 (RFC 4702).
   *
   * @param flags section 2.1: S is 1, O is 2, E is 4, N is 8
   * @param name as it is on the wire: with E in DNS's form, without it as ASCII
   */
  record ClientFqdn(int flags, Bytes name) implements DhcpOption {

    public static final int SERVER_UPDATES = 1;
    public static final int OVERRIDDEN = 2;
    public static final int WIRE_FORM = 4;

    @Override
    public int code() {
      return OptionCode.CLIENT_FQDN;
    }
  }

  /** Option 175: iPXE's own options, by their numbers ({@link IpxeFeature} for the flags). */
  record Ipxe(Map<Integer, Bytes> options) implements DhcpOption {
    public Ipxe {
      options = Map.copyOf(options);
    }

    @Override
    public int code() {
      return OptionCode.IPXE;
    }

    /** Whether the flag is there and not zero. */
    public boolean has(IpxeFeature feature) {
      Bytes value = options.get(feature.code());
      return value != null && value.length() == 1 && value.at(0) != 0;
    }
  }

  /** Any other option, and one of the above whose value has a shape that only later RFCs give. */
  record Raw(int code, Bytes content) implements DhcpOption {}
}
