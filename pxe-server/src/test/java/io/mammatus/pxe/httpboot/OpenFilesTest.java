package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenFilesTest {

  private final Vertx vertx = Vertx.vertx();
  private final OpenFiles files = new OpenFiles(vertx);
  private @TempDir Path folder;

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  private OpenFiles.Hold hold(Path path, String key) throws Exception {
    return files.hold(path, key).await(10, TimeUnit.SECONDS);
  }

  private static String text(OpenFiles.Hold hold) throws Exception {
    ByteBuffer octets = ByteBuffer.allocate(16);
    hold.file().read(octets, 0);
    return new String(octets.array(), 0, octets.position(), StandardCharsets.US_ASCII);
  }

  @Test
  void theSameContentIsOpenOnceAndAnotherOneIsAnother() throws Exception {
    Path path = Files.writeString(folder.resolve("file"), "old");
    OpenFiles.Hold first = hold(path, "1");
    Files.delete(path);
    Files.writeString(path, "new");
    OpenFiles.Hold same = hold(path, "1");
    OpenFiles.Hold other = hold(path, "2");
    assertThat(same.file()).isSameAs(first.file());
    assertThat(text(same)).isEqualTo("old");
    assertThat(text(other)).isEqualTo("new");
  }

  @Test
  void whatIsReadStaysOpenUntilItsLastReaderIsDone() throws Exception {
    Path path = Files.writeString(folder.resolve("file"), "x");
    OpenFiles.Hold first = hold(path, "1");
    OpenFiles.Hold second = hold(path, "1");
    files.close();
    first.letGo();
    first.letGo();
    assertThat(second.file().isOpen()).isTrue();
    second.letGo();
    assertThat(second.file().isOpen()).isFalse();
  }

  @Test
  void onlySoManyStayOpen() throws Exception {
    List<OpenFiles.Hold> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(hold(Files.writeString(folder.resolve("file" + i), "x"), "1"));
      all.getLast().letGo();
    }
    assertThat(all.stream().filter(hold -> hold.file().isOpen())).hasSize(32);
    assertThat(all.getLast().file().isOpen()).isTrue();
  }
}
