package io.mammatus.protocols.dhcp4;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.protocols.Decoded;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random and mutated packets: the decoder gives a value, and what it accepts can be encoded. */
class DhcpHostileBytesTest {

  private static final int INPUTS = 100_000;
  private static final long SEED = 20_261_120;

  private static final List<byte[]> SEEDS =
      List.of(
          Packets.IPXE_DISCOVER,
          Packets.OVMF_DISCOVER,
          Packets.NETWORKD_DISCOVER,
          Packets.UDHCPC_DISCOVER,
          Packets.packet("0000", "350101 340103 7909180a00000a000001 00 520401020304 ff"));

  @Test
  void mutatedRequestsNeverThrow() {
    Random random = new Random(SEED);
    int accepted = 0;
    for (int i = 0; i < INPUTS; i++) {
      byte[] packet = mutate(SEEDS.get(random.nextInt(SEEDS.size())), random);
      accepted += decodes(packet) ? 1 : 0;
    }
    assertThat(accepted).as("seed " + SEED).isBetween(INPUTS / 20, INPUTS);
  }

  @Test
  void randomOptionsNeverThrow() {
    Random random = new Random(SEED + 1);
    byte[] header = Packets.packet("0000", "");
    for (int i = 0; i < INPUTS; i++) {
      byte[] packet = Arrays.copyOf(header, header.length + random.nextInt(400));
      for (int at = header.length; at < packet.length; at++) {
        packet[at] = (byte) (random.nextInt(4) == 0 ? random.nextInt(8) : random.nextInt(256));
      }
      decodes(packet);
    }
    assertThat(decodes(new byte[0])).isFalse();
    assertThat(decodes(new byte[DhcpDecoder.MAX_LENGTH + 1])).isFalse();
  }

  private static boolean decodes(byte[] packet) {
    return switch (DhcpDecoder.decode(packet)) {
      case Decoded.Ok<DhcpMessage>(DhcpMessage message) -> {
        assertThat(DhcpEncoder.encode(message).length()).isBetween(300, 1472);
        yield true;
      }
      case Decoded.DecodeError<DhcpMessage>(int offset, String _) -> {
        assertThat(offset).isBetween(0, packet.length);
        yield false;
      }
    };
  }

  private static byte[] mutate(byte[] seed, Random random) {
    byte[] packet =
        random.nextInt(5) == 0
            ? Arrays.copyOf(seed, random.nextInt(seed.length + 200))
            : seed.clone();
    int changes = packet.length == 0 ? 0 : random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at =
          random.nextBoolean() && packet.length > 240
              ? 240 + random.nextInt(packet.length - 240)
              : random.nextInt(packet.length);
      packet[at] = (byte) random.nextInt(256);
    }
    return packet;
  }
}
