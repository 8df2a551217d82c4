package io.mammatus.pxe.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
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
      assertThat(file.read(2, 4).await(10, TimeUnit.SECONDS))
          .isEqualTo("side".getBytes(StandardCharsets.US_ASCII));
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

  private Optional<BootFile> open(String name) throws Exception {
    return new FolderBootFiles(vertx, folder.resolve("root"))
        .open(name)
        .await(10, TimeUnit.SECONDS);
  }
}
