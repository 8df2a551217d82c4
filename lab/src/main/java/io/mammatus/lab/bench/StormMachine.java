package io.mammatus.lab.bench;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.lab.bench.StormFigures.Stage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A machine from power-on until its kernel would run and has begun with its root file system, as
 * UEFI and iPXE do it, with real packets from an address of its own.
 */
final class StormMachine implements Runnable {

  private static final int TFTP_PORT = 69;
  private static final int BLOCK = 1468;
  private static final int MAX_NAKS = 3;
  private static final Pattern KERNEL = Pattern.compile("(?m)^kernel .*?(http://\\S+)");
  private static final Pattern INITRD = Pattern.compile("(?m)^initrd .*?(http://\\S+)");
  private static final Pattern ROOT = Pattern.compile(" fetch=(http://\\S+)");
  private static final Pattern ROOT_DIGEST = Pattern.compile(" mammatus\\.sha256=([0-9a-f]{64})");

  private final int number;
  private final StormPort port;
  private final StormPayloads payloads;
  private final StormFigures figures;
  private final ByteBuffer buffer;
  private volatile Stage stage = Stage.OFF;
  private volatile long heardAt;
  private volatile @Nullable HttpFetch under;
  private Ipv4 address = Ipv4.ANY;

  /**
   * @param buffer for what comes over HTTP; nobody else's until this has run
   */
  StormMachine(
      int number, StormPort port, StormPayloads payloads, StormFigures figures, ByteBuffer buffer) {
    this.number = number;
    this.port = port;
    this.payloads = payloads;
    this.figures = figures;
    this.buffer = buffer;
  }

  Stage stage() {
    return stage;
  }

  /** Gives up a transfer over HTTP that has been silent for too long; from any thread. */
  void giveUpIfSilent(long limitNanos) throws IOException {
    HttpFetch fetch = under;
    if (fetch != null && System.nanoTime() - heardAt > limitNanos) {
      fetch.abort();
    }
  }

  @Override
  public void run() {
    long began = System.nanoTime();
    try {
      boot();
      figures.done(System.nanoTime() - began);
      stage = Stage.DONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      failed("interrupted");
    } catch (AsynchronousCloseException e) {
      failed("the server was silent for too long"); // who waited for it closed the socket
    } catch (IOException | RuntimeException e) {
      failed(String.valueOf(e));
    }
  }

  private void failed(String why) {
    figures.failed("machine " + number + " at " + stage.label() + ": " + why);
    stage = Stage.FAILED;
  }

  private interface Step<T> {
    T run() throws IOException, InterruptedException;
  }

  private <T> T at(Stage next, Step<T> step) throws IOException, InterruptedException {
    stage = next;
    long began = System.nanoTime();
    T result = step.run();
    figures.took(next, System.nanoTime() - began);
    return result;
  }

  private void boot() throws IOException, InterruptedException {
    StormDhcp.Reply firmware = at(Stage.ADDRESS, () -> lease(false));
    address = firmware.address();
    at(Stage.LOADER, () -> loader(firmware));
    StormDhcp.Reply loader = at(Stage.ADDRESS_OF_LOADER, () -> lease(true));
    require(loader.address().equals(address), "another address: " + loader.address());
    String script = at(Stage.SCRIPT, () -> script(loader.bootFile()));
    require(found(ROOT_DIGEST, script).equals(payloads.rootDigest()), "another root's digest");
    at(Stage.KERNEL, () -> file(found(KERNEL, script), 0, payloads.kernelDigest()));
    at(Stage.INITRD, () -> file(found(INITRD, script), 0, payloads.initrdDigest()));
    at(
        Stage.ROOT,
        () -> file(found(ROOT, script), StormPayloads.ROOT_PART, payloads.rootPartDigest()));
  }

  /** DISCOVER, OFFER, REQUEST, ACK; from the beginning if that is refused (RFC 2131, 3.1). */
  private StormDhcp.Reply lease(boolean ipxe) throws IOException, InterruptedException {
    StormDhcp.Client client = new StormDhcp.Client(number, mac(), ipxe);
    for (int naks = 0; naks < MAX_NAKS; naks++) {
      StormDhcp.Reply offer = ask(client, Optional.empty());
      require(offer.type() == StormDhcp.OFFER, "no OFFER, but type " + offer.type());
      StormDhcp.Reply answer =
          ask(client, Optional.of(new StormDhcp.Offered(offer.address(), offer.server())));
      if (answer.type() == StormDhcp.ACK) {
        require(answer.address().equals(offer.address()), "another address than was offered");
        return answer;
      }
      figures.repeatedDhcp(1);
    }
    throw new IOException("refused again and again");
  }

  private StormDhcp.Reply ask(StormDhcp.Client client, Optional<StormDhcp.Offered> offered)
      throws IOException, InterruptedException {
    StormPort.Answered answered = port.ask(client, offered);
    figures.repeatedDhcp(answered.repeats());
    return answered.reply();
  }

  private Mac mac() {
    return new Mac(0x5254_0000_0000L + number);
  }

  private boolean loader(StormDhcp.Reply told) throws IOException {
    require(told.bootFile().equals(StormPayloads.LOADER), "another loader: " + told.bootFile());
    TftpFetch fetch =
        new TftpFetch(
            address.toString(),
            new InetSocketAddress(told.server().toString(), TFTP_PORT),
            told.bootFile(),
            payloads.loaderBytes(),
            BLOCK,
            1);
    fetch.run();
    figures.repeatedTftp(fetch.retransmissions());
    MessageDigest digest = sha256();
    digest.update(fetch.content());
    return check(digest, payloads.loaderDigest(), told.bootFile());
  }

  private String script(String url) throws IOException {
    StringBuilder text = new StringBuilder();
    fetch(url, 0, piece -> text.append(StandardCharsets.US_ASCII.decode(piece)));
    return text.toString();
  }

  private boolean file(String url, long first, String expected) throws IOException {
    MessageDigest digest = sha256();
    fetch(url, first, digest::update);
    return check(digest, expected, url);
  }

  private void fetch(String url, long first, Consumer<ByteBuffer> content) throws IOException {
    URI uri = URI.create(url);
    heardAt = System.nanoTime();
    HttpFetch fetch =
        new HttpFetch(
            new InetSocketAddress(uri.getHost(), uri.getPort()),
            uri.getRawPath(),
            new HttpFetch.Terms(
                new InetSocketAddress(address.toString(), 0), first, buffer, this::heard),
            content);
    under = fetch;
    try {
      fetch.run();
    } finally {
      under = null;
    }
  }

  /** Nobody interrupts a virtual thread: whoever finds more to read would keep the others out. */
  private void heard() {
    long now = System.nanoTime();
    figures.silent(now - heardAt);
    heardAt = now;
    Thread.yield();
  }

  private static boolean check(MessageDigest digest, String expected, String what)
      throws IOException {
    require(HexFormat.of().formatHex(digest.digest()).equals(expected), "other content: " + what);
    return true;
  }

  private static String found(Pattern pattern, String script) throws IOException {
    Matcher matcher = pattern.matcher(script);
    require(matcher.find(), "the script is another: " + script.replace('\n', ' '));
    return matcher.group(1);
  }

  private static void require(boolean holds, String message) throws IOException {
    if (!holds) {
      throw new IOException(message);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
