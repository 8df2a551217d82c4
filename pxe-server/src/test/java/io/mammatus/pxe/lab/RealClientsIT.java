package io.mammatus.pxe.lab;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.platform.testing.Prerequisites;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** dhclient, udhcpc, atftp, tftp-hpa, busybox, curl and Commons Net against the real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealClientsIT {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Pattern LEASE =
      Pattern.compile("(?:lease of|bound to) (10\\.88\\.0\\.[0-9]+)");
  private static final int FIVE_MIB = 5 << 20;

  private final Path folder;
  private final Lab lab;
  private int cards;

  RealClientsIT(@TempDir Path folder) throws Exception {
    this.folder = folder;
    Prerequisites.require("ip", "udhcpc", "dhclient", "atftp", "tftp", "curl", "busybox");
    Path loaders = Files.createDirectories(folder.resolve("loaders"));
    byte[] octets = new byte[FIVE_MIB];
    new Random(1).nextBytes(octets);
    Files.write(loaders.resolve("five.bin"), octets);
    Files.writeString(loaders.resolve("text.txt"), "a\nb\rc\r\n");
    Files.writeString(folder.resolve("secret"), "secret");
    lab = new Lab(folder);
  }

  @BeforeAll
  void heard() {
    assertThat(lab.trace()).contains("READY");
  }

  @AfterAll
  void close() {
    lab.close();
  }

  @BeforeEach
  void card() {
    lab.newCard("52:54:00:00:01:%02x".formatted(++cards));
  }

  @Test
  void udhcpcGetsItsLeaseByUnicastAndByBroadcast() {
    String first = lease(udhcpc());
    assertThat(lease(udhcpc("-B"))).isEqualTo(first);
    // No client identifier, and one of another making: the same machine.
    assertThat(lease(udhcpc("-C"))).isEqualTo(first);
    assertThat(lease(udhcpc("-C", "-x", "0x3d:ff0011223344"))).isEqualTo(first);
  }

  @Test
  void dhclientGetsTheSameAddressAsUdhcpc() {
    assertThat(lease(dhclient())).isEqualTo(lease(udhcpc()));
  }

  /** INIT-REBOOT with an address that is not its own: a NAK, and from there to the right one. */
  @Test
  void aWrongAddressIsRefusedAndTheRightOneFound() throws Exception {
    String right = lease(udhcpc());
    Files.writeString(folder.resolve("leases"), Dhclient.leaseFile("10.88.0.77"));
    Namespace.Result result = dhclient();
    assertThat(result.output()).contains("DHCPREQUEST for 10.88.0.77", "DHCPNAK");
    assertThat(lease(result)).isEqualTo(right);
  }

  @Test
  void anInstanceGetsAnAddressToo() {
    lab.newCard("52:54:01:00:00:01");
    assertThat(lease(udhcpc())).startsWith("10.88.0.");
  }

  @Test
  void whoIsNeverEnrolledIsCountedAsThat() {
    lab.newCard("52:54:02:00:00:01");
    assertThat(udhcpc("-t", "1", "-T", "1").status()).isNotZero();
    lab.awaitTrace(
        LIMIT, line -> line.contains("52:54:02:00:00:01") && line.contains("not-enrolled-in-time"));
  }

  /** The old socket stays bound to the bridge that is gone, and hears nothing. */
  @Test
  void theServerFollowsAnInterfaceThatIsMadeAnew() {
    String before = lease(udhcpc());
    lab.deleteBridge();
    lab.makeBridge();
    lab.plug("cable");
    lab.awaitTrace(LIMIT, line -> line.contains("protocol=dhcp") && line.contains("bound again"));
    lab.awaitTrace(LIMIT, line -> line.contains("protocol=tftp") && line.contains("bound again"));
    assertThat(lease(udhcpc())).isEqualTo(before);
    lab.address(before);
    fetched(lab.client(LIMIT, "atftp", "-g", "-r", "five.bin", "-l", "out", "10.88.0.1"));
  }

  @ParameterizedTest
  @CsvSource({"512,1", "1468,1", "1428,4", "1400,16", "8192,1", "65464,1", "8,1"})
  void atftpFetchesWithEveryOption(int blockSize, int windowSize) {
    lab.address(lease(udhcpc()));
    String file = blockSize == 8 ? "text.txt" : "five.bin";
    Namespace.Result result =
        lab.client(
            LIMIT,
            "atftp",
            "--option",
            "blksize " + blockSize,
            "--option",
            "windowsize " + windowSize,
            "-g",
            "-r",
            file,
            "-l",
            "out",
            "10.88.0.1");
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(folder.resolve("out")).hasSameBinaryContentAs(folder.resolve("loaders/" + file));
  }

  @Test
  void tftpHpaCurlAndCommonsNetFetch() {
    lab.address(lease(udhcpc()));
    fetched(lab.client(LIMIT, "tftp", "-m", "binary", "10.88.0.1", "-c", "get", "five.bin", "out"));
    fetched(
        lab.client(
            LIMIT,
            "curl",
            "-s",
            "--tftp-blksize",
            "1432",
            "-o",
            "out",
            "tftp://10.88.0.1/five.bin"));
    fetched(
        lab.client(
            LIMIT,
            Lab.java(),
            "-cp",
            System.getProperty("java.class.path"),
            CommonsNetFetch.class.getName(),
            "10.88.0.1",
            "five.bin",
            folder.resolve("out").toString()));
  }

  /** It wants to know the size, and RFC 2348's smallest block is eight octets. */
  @Test
  void busyboxFetches() {
    lab.address(lease(udhcpc()));
    for (String blockSize : new String[] {"512", "1468", "65464"}) {
      fetched(
          lab.client(
              LIMIT,
              "busybox",
              "tftp",
              "-b",
              blockSize,
              "-g",
              "-r",
              "five.bin",
              "-l",
              "out",
              "10.88.0.1"));
    }
  }

  /** More than 65,535 blocks of 512 octets. */
  @Test
  void filesOfMoreThan32MebibytesRollOver() throws Exception {
    Path large = folder.resolve("loaders/large.bin");
    byte[] octets = new byte[40 << 20];
    new Random(2).nextBytes(octets);
    Files.write(large, octets);
    lab.address(lease(udhcpc()));
    String[][] clients = {
      {"tftp", "-m", "binary", "10.88.0.1", "-c", "get", "large.bin", "out"},
      {"curl", "-s", "-o", "out", "tftp://10.88.0.1/large.bin"},
      {"busybox", "tftp", "-g", "-r", "large.bin", "-l", "out", "10.88.0.1"}
    };
    for (String[] client : clients) {
      Namespace.Result result = lab.client(LIMIT.multipliedBy(4), client);
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(folder.resolve("out")).hasSameBinaryContentAs(large);
    }
  }

  @Test
  void tftpHpaReadsTextInItsOwnMode() {
    lab.address(lease(udhcpc()));
    Namespace.Result result =
        lab.client(LIMIT, "tftp", "-m", "ascii", "10.88.0.1", "-c", "get", "text.txt", "out");
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(folder.resolve("out")).hasSameBinaryContentAs(folder.resolve("loaders/text.txt"));
  }

  @Test
  void nothingIsWrittenAndNothingElseIsRead() throws Exception {
    lab.address(lease(udhcpc()));
    Files.writeString(folder.resolve("mine"), "mine");
    assertThat(lab.client(LIMIT, "tftp", "10.88.0.1", "-c", "put", "mine").output())
        .contains("Error code 2");
    assertThat(lab.client(LIMIT, "tftp", "10.88.0.1", "-c", "get", "../secret", "out").output())
        .contains("Error code 1");
  }

  @Test
  void theScriptIsServedOverHttp() {
    lab.address(lease(udhcpc()));
    String mac = "52-54-00-00-01-%02x".formatted(cards);
    Namespace.Result known =
        lab.client(LIMIT, "curl", "-s", "http://10.88.0.1:8069/v1/boot/" + mac);
    assertThat(known.output()).startsWith("#!ipxe").contains("there is no node image yet");
    Namespace.Result other =
        lab.client(LIMIT, "curl", "-s", "http://10.88.0.1:8069/v1/boot/52-54-00-99-99-99");
    assertThat(other.output()).contains("this machine is not known yet");
  }

  private void fetched(Namespace.Result result) {
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(folder.resolve("out")).hasSameBinaryContentAs(folder.resolve("loaders/five.bin"));
  }

  private Namespace.Result udhcpc(String... more) {
    String[] command = {"udhcpc", "-i", "eth0", "-f", "-q", "-n", "-s", "/bin/true"};
    String[] all = java.util.Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return lab.client(LIMIT, all);
  }

  /** It stays behind as a daemon, which the lab ends. */
  private Namespace.Result dhclient() {
    return lab.client(
        LIMIT,
        "dhclient",
        "-4",
        "-1",
        "-v",
        "-lf",
        folder.resolve("leases").toString(),
        "-pf",
        folder.resolve("dhclient.pid").toString(),
        "-sf",
        "/bin/true",
        "eth0");
  }

  private static String lease(Namespace.Result result) {
    Matcher lease = LEASE.matcher(result.output());
    assertThat(lease.find()).as(result.output()).isTrue();
    return lease.group(1);
  }
}
