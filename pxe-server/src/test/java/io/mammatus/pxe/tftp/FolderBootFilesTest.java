package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Ipv4;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBootFilesTest {

  private final Vertx vertx = Vertx.vertx();
  @TempDir Path folder;

  @BeforeEach
  void files() throws Exception {
    Path root = Files.createDirectories(folder.resolve("root/grub"));
    Files.writeString(root.resolve("grub.cfg"), "inside");
    Files.writeString(folder.resolve("secret"), "outside");
    Files.createSymbolicLink(folder.resolve("root/out"), folder.resolve("secret"));
    Files.createSymbolicLink(folder.resolve("root/in"), root.resolve("grub.cfg"));
    Files.writeString(folder.resolve("root/.hidden"), "hidden");
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void servesWhatIsInside() throws Exception {
    for (String name : new String[] {"grub/grub.cfg", "/grub/grub.cfg", "\\grub\\grub.cfg", "in"}) {
      BootFile file = open(name).orElseThrow();
      assertThat(file.size()).isEqualTo(6);
      assertThat(read(file, 2, 4)).isEqualTo("side");
      assertThatThrownBy(() -> read(file, 3, 4)).isInstanceOf(IOException.class);
      file.close();
    }
  }

  @Test
  void neverLeavesTheFolder() throws Exception {
    for (String name :
        new String[] {
          "../secret",
          "grub/../../secret",
          "..\\secret",
          "out",
          ".hidden",
          "grub",
          "",
          "/",
          "grub//grub.cfg",
          "nothing",
          "a\0b",
          "%2e%2e/secret"
        }) {
      assertThat(open(name)).as(name).isEmpty();
    }
  }

  @Test
  void netasciiEndsLinesInCrLf() {
    assertThat(Netascii.encode("a\nb\rc".getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("a\r\nb\r\0c".getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void netasciiIsAsLongAsItsLinesAre() throws Exception {
    BootFile text = NetasciiFile.of(BootFile.rendered("one\ntwo\n"));
    assertThat(read(text, 0, (int) text.size())).isEqualTo("one\r\ntwo\r\n");
    assertThat(NetasciiFile.of(BootFile.rendered("")).size()).isZero();
  }

  /** More than what was once kept in memory, and read from anywhere. */
  @Test
  void aLongTextIsConvertedWhileItIsRead() throws Exception {
    String lines = "twelve words\n".repeat(200_000);
    BootFile text = NetasciiFile.of(BootFile.rendered(lines));
    assertThat(text.size()).isEqualTo(200_000 * 14L);
    String whole = read(text, 0, (int) text.size());
    assertThat(whole).isEqualTo(lines.replace("\n", "\r\n"));
    for (int from : new int[] {0, 65_535, 70_574, 70_575, 1_400_001, 2_799_999}) {
      int length = Math.min(100_000, whole.length() - from);
      assertThat(read(text, from, length)).isEqualTo(whole.substring(from, from + length));
    }
    assertThatThrownBy(() -> read(text, text.size(), 1)).isInstanceOf(IOException.class);
  }

  /** As a source of rendered configurations does it: for the one who asks, else from the folder. */
  @Test
  void filesAreRenderedForWhoeverAsksOrComeFromTheFolder() throws Exception {
    BootFiles rendered =
        request ->
            Future.succeededFuture(
                request.name().equals("who")
                    ? Optional.of(BootFile.rendered("you are " + request.client()))
                    : Optional.empty());
    BootFiles both = rendered.orElse(new FolderBootFiles(vertx, folder.resolve("root")));
    BootFile who = both.open(asked("who")).await(10, TimeUnit.SECONDS).orElseThrow();
    assertThat(read(who, 0, (int) who.size())).isEqualTo("you are 10.0.0.7");
    assertThatThrownBy(() -> read(who, who.size(), 1)).isInstanceOf(IOException.class);
    BootFile in = both.open(asked("in")).await(10, TimeUnit.SECONDS).orElseThrow();
    assertThat(read(in, 0, 6)).isEqualTo("inside");
    assertThat(both.open(asked("nothing")).await(10, TimeUnit.SECONDS)).isEmpty();
  }

  private static FileRequest asked(String name) {
    return new FileRequest(name, "br0", Ipv4.parse("10.0.0.7"), Ipv4.parse("10.0.0.1"));
  }

  private static String read(BootFile file, long offset, int length) throws IOException {
    ByteBuffer octets = ByteBuffer.allocate(length);
    file.read(offset, octets);
    return new String(octets.array(), StandardCharsets.US_ASCII);
  }

  private Optional<BootFile> open(String name) throws Exception {
    return new FolderBootFiles(vertx, folder.resolve("root"))
        .open(asked(name))
        .await(10, TimeUnit.SECONDS);
  }
}
