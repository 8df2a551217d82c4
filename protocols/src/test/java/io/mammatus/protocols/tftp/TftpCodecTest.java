package io.mammatus.protocols.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.protocols.Bytes;
import io.mammatus.protocols.Decoded;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TftpCodecTest {

  private static final List<TftpPacket> ALL =
      List.of(
          new TftpPacket.Rrq(
              "snponly.efi", "octet", Map.of("tsize", "0", "blksize", "1468", "windowsize", "4")),
          new TftpPacket.Wrq("x", "netascii", Map.of()),
          new TftpPacket.Data(65535, Bytes.of(new byte[512])),
          new TftpPacket.Data(1, Bytes.EMPTY),
          new TftpPacket.Ack(0),
          new TftpPacket.Error(TftpError.FILE_NOT_FOUND, "no such file"),
          new TftpPacket.Oack(Map.of("blksize", "1468")));

  @Test
  void whatIsEncodedDecodesToTheSame() {
    for (TftpPacket packet : ALL) {
      assertThat(TftpCodec.decode(TftpCodec.encode(packet))).isEqualTo(Decoded.ok(packet));
    }
  }

  @Test
  void namesAndModesAreCaseInsensitive() {
    assertThat(decode("\0\1file\0OCTET\0BlkSize\0" + "1024\0"))
        .isEqualTo(Decoded.ok(new TftpPacket.Rrq("file", "octet", Map.of("blksize", "1024"))));
  }

  @Test
  void cutOffRequestsAreErrors() {
    assertThat(decode("\0\1file")).isEqualTo(Decoded.error(2, "file name or mode has no end"));
    assertThat(decode("\0\1f\0octet\0tsize\0" + "0"))
        .isEqualTo(Decoded.error(10, "option has no end"));
    assertThat(decode("\0\7xx")).isEqualTo(Decoded.error(0, "unknown TFTP operation"));
    assertThat(decode("\0\1" + "f".repeat(600) + "\0octet\0"))
        .isEqualTo(Decoded.error(512, "request is longer than 512 octets"));
  }

  @Test
  void anErrorWithoutItsNulIsTaken() {
    assertThat(decode("\0\5\0\10refused"))
        .isEqualTo(Decoded.ok(new TftpPacket.Error(TftpError.OPTION_REFUSED, "refused")));
  }

  @Test
  void hostileBytesNeverThrow() {
    long seed = 20_261_121;
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      byte[] packet = TftpCodec.encode(ALL.get(random.nextInt(ALL.size())));
      packet = Arrays.copyOf(packet, random.nextInt(packet.length + 20));
      for (int change = 0; packet.length > 0 && change < random.nextInt(4); change++) {
        packet[random.nextInt(packet.length)] = (byte) random.nextInt(256);
      }
      if (TftpCodec.decode(packet) instanceof Decoded.Ok<TftpPacket>(TftpPacket read)) {
        assertThat(TftpCodec.encode(read)).as("seed " + seed).isNotEmpty();
      }
    }
  }

  private static Decoded<TftpPacket> decode(String octets) {
    return TftpCodec.decode(octets.getBytes(StandardCharsets.ISO_8859_1));
  }
}
