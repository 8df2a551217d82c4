package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * TFTP over a path that loses packets, and what is sent on one that does not: counted by the
 * client's kernel (nftables, in its namespace), with atftp as the client.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LossyPathIT {

  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final int SIZE = 1_000_000;
  private static final int BLOCK = 1400;
  private static final int BLOCKS = SIZE / BLOCK + 1;

  private final Path folder;
  private final Lab lab;

  LossyPathIT(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Prerequisites.require("ip", "nft", "atftp", "ethtool");
    byte[] octets = new byte[SIZE];
    new Random(3).nextBytes(octets);
    Files.write(Files.createDirectories(folder.resolve("loaders")).resolve("file.bin"), octets);
    lab = new Lab(folder);
    lab.newCard("52:54:00:00:03:01");
    lab.address("10.88.0.100");
    // A real cable carries the single packets that the kernel makes of a window; this one would
    // not.
    String[] single = {"ethtool", "-K", "cable", "tx-udp-segmentation", "off"};
    assertThat(lab.server(LIMIT, single).status()).isZero();
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @BeforeEach
  void counters() {
    nft("add table ip path");
    nft("add counter ip path sent; add counter ip path lostData; add counter ip path lostAcks");
    nft("add chain ip path in { type filter hook input priority 0; }");
    nft("add chain ip path out { type filter hook output priority 0; }");
    nft("add rule ip path in ip protocol udp counter name sent");
  }

  @AfterEach
  void noCounters() {
    nft("delete table ip path");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 16})
  void withoutLossNothingIsSentTwice(int windowSize) {
    fetch(windowSize);
    assertThat(count("sent")).isEqualTo(BLOCKS + 1); // and the option acknowledgement
  }

  /** A block that is cut into fragments is lost with any of them: it follows the route's MTU. */
  @Test
  void onANarrowPathABlockIsOnePacketAllTheSame() {
    String[] narrow = {"ip", "route", "add", "10.88.0.100/32", "dev", "br0", "mtu", "1300"};
    assertThat(lab.server(LIMIT, narrow).status()).isZero();
    try {
      fetch(1);
      assertThat(count("sent")).isEqualTo(SIZE / (1300 - 32) + 1 + 1);
    } finally {
      lab.server(LIMIT, "ip", "route", "del", "10.88.0.100/32");
    }
  }

  /** In lock step each packet that is lost, either way, costs one that is sent again. */
  @Test
  void inLockStepOnlyWhatWasLostIsSentAgain() {
    lose();
    fetch(1);
    int lost = count("lostData") + count("lostAcks");
    assertThat(lost).isPositive();
    // The client's last acknowledgement may be among the lost, and the client gone.
    assertThat(count("sent")).isBetween(BLOCKS, BLOCKS + 1 + lost + 6);
  }

  /**
   * A gap costs the rest of its window, or two. But atftp counts what comes again as if it were
   * new: once the end of a window was lost, it acknowledges in the middle of each that follows, and
   * each is begun anew while it is under way. So a block may be sent twice; no more than that.
   */
  @ParameterizedTest
  @ValueSource(ints = {4, 16})
  void aGapCostsAFewWindows(int windowSize) {
    lose();
    fetch(windowSize);
    int lost = count("lostData") + count("lostAcks");
    assertThat(lost).isPositive();
    assertThat(count("sent")).isBetween(BLOCKS, 2 * BLOCKS + (lost + 1) * windowSize);
  }

  /**
   * Two in a hundred, each way, but for the request: the kernel tells whoever sends what it drops
   * here (EPERM), and atftp gives up when that is its first packet. And but for its answer to our
   * options, acknowledgement 0: where that is lost they are sent again, of which atftp makes an
   * error.
   */
  private void lose() {
    String some = "numgen random mod 100 < 2 counter name ";
    nft("add rule ip path in ip protocol udp " + some + "lostData drop");
    nft("add rule ip path out udp dport != 69 @th,64,32 != 0x00040000 " + some + "lostAcks drop");
  }

  private void fetch(int windowSize) {
    Namespace.Result result =
        lab.client(
            LIMIT,
            "atftp",
            "--option",
            "blksize " + BLOCK,
            "--option",
            "windowsize " + windowSize,
            "-g",
            "-r",
            "file.bin",
            "-l",
            "out",
            "10.88.0.1");
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(folder.resolve("out")).hasSameBinaryContentAs(folder.resolve("loaders/file.bin"));
  }

  private int count(String counter) {
    return lab.clientSide().counted("path", counter);
  }

  private void nft(String command) {
    lab.clientSide().nft(command);
  }
}
