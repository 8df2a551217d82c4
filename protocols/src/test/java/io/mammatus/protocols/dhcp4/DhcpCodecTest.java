package io.mammatus.protocols.dhcp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.Decoded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class DhcpCodecTest {

  private static final Mac MAC = Mac.parse("52:54:00:12:34:56");
  private static final Ipv4 SERVER = Ipv4.parse("10.88.0.1");

  @Test
  void readsAnIpxeRomsDiscover() {
    DhcpMessage message = ok(Packets.IPXE_DISCOVER);

    assertThat(message.op()).isEqualTo(DhcpMessage.Op.REQUEST);
    assertThat(message.xid()).isEqualTo(0x1a2b3c4d);
    assertThat(message.secs()).isEqualTo(4);
    assertThat(message.broadcast()).isFalse();
    assertThat(message.chaddr()).isEqualTo(MAC);
    DhcpOptions options = message.options();
    assertThat(options.messageType()).contains(DhcpMessageType.DISCOVER);
    assertThat(options.text(OptionCode.VENDOR_CLASS)).contains("PXEClient:Arch:00000:UNDI:002001");
    assertThat(options.get(OptionCode.USER_CLASS))
        .contains(new DhcpOption.UserClass(List.of("iPXE")));
    assertThat(options.get(OptionCode.CLIENT_ARCH)).contains(new DhcpOption.ClientArch(List.of(0)));
    assertThat(options.get(OptionCode.CLIENT_UUID))
        .contains(new DhcpOption.ClientUuid(new UUID(0, 0)));
    DhcpOption.Ipxe ipxe = options.get(OptionCode.IPXE, DhcpOption.Ipxe.class).orElseThrow();
    assertThat(ipxe.has(IpxeFeature.HTTP)).isTrue();
    assertThat(ipxe.has(IpxeFeature.BZIMAGE)).isTrue();
    assertThat(ipxe.has(IpxeFeature.EFI)).isFalse();
  }

  @Test
  void readsOvmfsDiscover() {
    DhcpMessage message = ok(Packets.OVMF_DISCOVER);

    assertThat(message.broadcast()).isTrue();
    assertThat(message.options().get(OptionCode.CLIENT_ARCH))
        .contains(new DhcpOption.ClientArch(List.of(7)));
    assertThat(message.options().parameterList()).hasSize(35).startsWith(1, 2, 3);
    assertThat(message.options().get(OptionCode.MAX_MESSAGE_SIZE))
        .contains(new DhcpOption.MaxMessageSize(1472));
  }

  @Test
  void readsWhatOperatingSystemsSend() {
    DhcpMessage networkd = ok(Packets.NETWORKD_DISCOVER);
    assertThat(networkd.options().text(OptionCode.HOST_NAME)).contains("node");
    DhcpOption.ClientId id =
        networkd.options().get(OptionCode.CLIENT_ID, DhcpOption.ClientId.class).orElseThrow();
    assertThat(id.type()).isEqualTo(255);
    assertThat(id.id().length()).isEqualTo(18);
    assertThat(networkd.options().get(80)).contains(new DhcpOption.Raw(80, Bytes.EMPTY));

    DhcpMessage udhcpc = ok(Packets.UDHCPC_DISCOVER);
    assertThat(udhcpc.options().text(OptionCode.VENDOR_CLASS)).contains("udhcp 1.35.0");
  }

  @Test
  void absentIsNotMalformed() {
    DhcpMessage message = ok(Packets.packet("0000", "350101ff"));
    assertThat(message.options().address(OptionCode.REQUESTED_ADDRESS)).isEmpty();

    assertThat(DhcpDecoder.decode(Packets.packet("0000", "350101 32030a5800 ff")))
        .isEqualTo(Decoded.error(243, "an address option is not four octets"));
  }

  @Test
  void saysWhereAnOptionIsCutOff() {
    assertThat(DhcpDecoder.decode(Packets.packet("0000", "350101 3240 0a")))
        .isEqualTo(Decoded.error(243, "option runs past the end"));
    assertThat(DhcpDecoder.decode(Packets.packet("0000", "350101 32")))
        .isEqualTo(Decoded.error(243, "option runs past the end"));
  }

  @Test
  void refusesWhatIsNotDhcpOverEthernet() {
    byte[] infiniband = Packets.packet("0000", "350101ff");
    infiniband[1] = 32;
    assertThat(DhcpDecoder.decode(infiniband))
        .isEqualTo(Decoded.error(1, "hardware address is not Ethernet"));
    byte[] bootp = Packets.packet("0000", "350101ff");
    bootp[236] = 0;
    assertThat(DhcpDecoder.decode(bootp)).isEqualTo(Decoded.error(236, "no DHCP magic cookie"));
  }

  /** RFC 2131, section 4.1, and RFC 3396, section 5: options, then file, then sname. */
  @Test
  void joinsOverloadedFieldsAndSplitOptions() {
    byte[] packet = Packets.packet("0000", "350101 340103 0c026e6f ff");
    Bytes.hex("0c0164 ff").copyTo(packet, 108);
    Bytes.hex("0c0165 0f0178 ff").copyTo(packet, 44);
    DhcpMessage message = ok(packet);

    assertThat(message.options().text(OptionCode.HOST_NAME)).contains("node");
    assertThat(message.options().text(OptionCode.DOMAIN_NAME)).contains("x");
    assertThat(message.file()).isEmpty();
    assertThat(message.sname()).isEmpty();
    assertThat(message.options().get(OptionCode.OVERLOAD)).isEmpty();
  }

  @Test
  void userClassesOfRfc3004AreTakenApart() {
    DhcpMessage message = ok(Packets.packet("0000", "350101 4d0803616263 03646566 ff"));
    assertThat(message.options().get(OptionCode.USER_CLASS))
        .contains(new DhcpOption.UserClass(List.of("abc", "def")));
  }

  /** RFC 3442's own examples, with the default route and a 32-bit one. */
  @Test
  void classlessRoutesCarryOnlySignificantOctets() {
    DhcpOption.ClasslessRoutes routes =
        new DhcpOption.ClasslessRoutes(
            List.of(
                new Route(Cidr.parse("169.254.169.254/32"), Ipv4.ANY),
                new Route(Cidr.parse("10.229.0.128/25"), Ipv4.parse("10.229.0.1")),
                new Route(Cidr.parse("0.0.0.0/0"), Ipv4.parse("10.17.0.1"))));
    assertThat(Bytes.of(OptionWriter.value(routes)))
        .isEqualTo(Bytes.hex("20a9fea9fe00000000 190ae500800ae50001 000a110001"));
  }

  @Test
  void whatIsEncodedDecodesToTheSame() {
    DhcpMessage offer = offer(allShapes());
    Bytes packet = DhcpEncoder.encode(offer, List.of(), Optional.of(1500));
    assertThat(ok(packet.toArray())).isEqualTo(offer);
  }

  @Test
  void answersInTheClientsOrderWithTheRelayAgentLast() {
    DhcpMessage offer =
        offer(
            new DhcpOption.RelayAgentInfo(Bytes.hex("0104aabbccdd")),
            new DhcpOption.Text(OptionCode.DOMAIN_NAME, "lab"),
            new DhcpOption.Addresses(OptionCode.ROUTERS, List.of(SERVER)),
            new DhcpOption.Address(OptionCode.SERVER_ID, SERVER),
            new DhcpOption.MessageType(DhcpMessageType.OFFER));
    Bytes packet = DhcpEncoder.encode(offer, List.of(3, 15), Optional.empty());
    assertThat(packet.length()).isEqualTo(DhcpEncoder.MIN_LENGTH);
    assertThat(
            ok(packet.toArray()).options().all().stream()
                .map(DhcpOption::code)
                .collect(Collectors.toList()))
        .containsExactly(53, 54, 3, 15, 82);
  }

  @Test
  void respectsTheMaximumMessageSize() {
    DhcpOption[] many = new DhcpOption[8];
    many[0] = new DhcpOption.MessageType(DhcpMessageType.OFFER);
    many[1] = new DhcpOption.Address(OptionCode.SERVER_ID, SERVER);
    many[2] = new DhcpOption.RelayAgentInfo(Bytes.hex("01020304"));
    for (int i = 3; i < many.length; i++) {
      many[i] = new DhcpOption.Raw(200 + i, Bytes.of(new byte[100]));
    }
    DhcpMessage offer = offer(many);

    Bytes small = DhcpEncoder.encode(offer, List.of(), Optional.of(100));
    assertThat(small.length()).isLessThanOrEqualTo(576 - 28);
    assertThat(ok(small.toArray()).options().get(82)).isPresent();
    Bytes large = DhcpEncoder.encode(offer, List.of(), Optional.of(65535));
    assertThat(ok(large.toArray()).options().all()).hasSize(8);
  }

  /** RFC 2132, section 9.3: what finds no room in the options goes into file and sname. */
  @Test
  void whatFindsNoRoomGoesIntoTheUnusedFields() {
    DhcpOption[] many = new DhcpOption[5];
    many[0] = new DhcpOption.MessageType(DhcpMessageType.ACK);
    many[1] = new DhcpOption.RelayAgentInfo(Bytes.hex("01020304"));
    many[2] = new DhcpOption.Raw(201, Bytes.of(new byte[250]));
    many[3] = new DhcpOption.Raw(202, Bytes.of(new byte[120]));
    many[4] = new DhcpOption.Raw(203, Bytes.of(new byte[60]));
    DhcpMessage bare =
        ok(Packets.OVMF_DISCOVER)
            .reply(Ipv4.ANY, Ipv4.parse("10.88.0.20"), SERVER, "", DhcpOptions.of(many));
    Bytes packet = DhcpEncoder.encode(bare, List.of(), Optional.empty());
    assertThat(packet.length()).isLessThanOrEqualTo(576 - 28);
    assertThat(ok(packet.toArray()).options()).isEqualTo(bare.options());

    // With a boot file in the one field, only the other is free.
    DhcpMessage booting = offer(many);
    DhcpMessage read = ok(DhcpEncoder.encode(booting, List.of(), Optional.empty()).toArray());
    assertThat(read.file()).isEqualTo("snponly.efi");
    assertThat(read.options().get(203)).isPresent();
    assertThat(read.options().get(202)).isEmpty();
    List<Integer> leftOut = new ArrayList<>();
    DhcpEncoder.encodeReply(booting, ok(Packets.OVMF_DISCOVER), leftOut::add);
    assertThat(leftOut).as("there is room in 1472 octets").isEmpty();
    DhcpMessage small =
        new DhcpMessage(
            DhcpMessage.Op.REQUEST,
            1,
            6,
            0,
            7,
            0,
            false,
            Ipv4.ANY,
            Ipv4.ANY,
            Ipv4.ANY,
            Ipv4.ANY,
            booting.chaddr(),
            "",
            "",
            DhcpOptions.NONE);
    DhcpEncoder.encodeReply(booting, small, leftOut::add);
    assertThat(leftOut).containsExactly(202);
  }

  @Test
  void aRelaysSubOptionsAreFound() {
    DhcpOption.RelayAgentInfo info =
        new DhcpOption.RelayAgentInfo(Bytes.hex("0102aabb 05040a000001 0203ccddee"));
    assertThat(info.subOption(5)).contains(Bytes.hex("0a000001"));
    assertThat(info.subOption(2)).contains(Bytes.hex("ccddee"));
    assertThat(info.subOption(9)).isEmpty();
    assertThat(new DhcpOption.RelayAgentInfo(Bytes.hex("0509aa")).subOption(5)).isEmpty();
  }

  private static DhcpOption[] allShapes() {
    return new DhcpOption[] {
      new DhcpOption.MessageType(DhcpMessageType.OFFER),
      new DhcpOption.Address(OptionCode.SERVER_ID, SERVER),
      new DhcpOption.Seconds(OptionCode.LEASE_TIME, 0xffffffffL),
      new DhcpOption.Addresses(OptionCode.DNS_SERVERS, List.of(SERVER, SERVER.plus(1))),
      new DhcpOption.Text(OptionCode.HOST_NAME, "node-1"),
      new DhcpOption.ParameterList(List.of(1, 3, 255)),
      new DhcpOption.MaxMessageSize(1472),
      new DhcpOption.ClientId(255, Bytes.hex("0102030405")),
      new DhcpOption.UserClass(List.of("iPXE", "other")),
      new DhcpOption.ClientArch(List.of(7, 9)),
      new DhcpOption.ClientUuid(UUID.fromString("78563412-1234-1234-1234-1234567890ab")),
      new DhcpOption.ClasslessRoutes(List.of(new Route(Cidr.parse("0.0.0.0/0"), SERVER))),
      new DhcpOption.ClasslessRoutes(
          OptionCode.MICROSOFT_CLASSLESS_ROUTES,
          List.of(new Route(Cidr.parse("10.0.0.0/8"), SERVER))),
      new DhcpOption.InterfaceMtu(9000),
      new DhcpOption.Addresses(OptionCode.NTP_SERVERS, List.of(SERVER)),
      new DhcpOption.ClientFqdn(5, Bytes.hex("036c616200")),
      new DhcpOption.Ipxe(Map.of(176, Bytes.of((byte) 1))),
      new DhcpOption.Raw(43, Bytes.hex("060108ff")),
      new DhcpOption.RelayAgentInfo(Bytes.of(new byte[300]))
    };
  }

  private static DhcpMessage offer(DhcpOption... options) {
    DhcpMessage request = ok(Packets.OVMF_DISCOVER);
    return request.reply(
        Ipv4.ANY, Ipv4.parse("10.88.0.20"), SERVER, "snponly.efi", DhcpOptions.of(options));
  }

  private static DhcpMessage ok(byte[] packet) {
    return switch (DhcpDecoder.decode(packet)) {
      case Decoded.Ok<DhcpMessage>(DhcpMessage message) -> message;
      case Decoded.DecodeError<DhcpMessage>(int offset, String reason) ->
          throw new AssertionError(offset + ": " + reason);
    };
  }
}
