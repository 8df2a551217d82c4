package io.mammatus.control.blobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mammatus.control.write.CloudWriter;
import io.mammatus.control.write.Origin;
import io.mammatus.control.write.Outcome;
import io.mammatus.core.cloud.Command;
import io.mammatus.core.resource.Blob;
import io.mammatus.core.resource.ImageSpec;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.view.CloudView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On real files, and an image in a real PostgreSQL that names some of them. */
class BlobKeeperTest {

  private static final String NAMED = "a".repeat(64);

  @TempDir private Path folder;

  @Test
  void removesWhatNoImageNames() throws IOException {
    Path named = file(NAMED);
    Path unnamed = file("b".repeat(64));
    Path upload = file("." + NAMED + "." + UUID.randomUUID() + ".part");
    Path fresh = Files.writeString(folder.resolve("c".repeat(64)), "new");
    try (TestDatabase test = TestDatabase.fresh(BlobKeeperTest.class)) {
      EventLog log = new EventLog(test.database());
      CloudView view = TestDatabase.await(CloudView.open(test.database(), log));
      names(new CloudWriter(view, log, Clock.systemUTC()), NAMED);

      new BlobKeeper(test.vertx(), view, new BlobFolder(folder), Clock.systemUTC()).start();
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> !Files.exists(unnamed) && !Files.exists(upload));
      assertThat(named).exists();
      assertThat(fresh).exists();
    }
  }

  @Test
  void thereMayBeNoFolderYet() throws IOException {
    try (TestDatabase test = TestDatabase.fresh(BlobKeeperTest.class)) {
      CloudView view =
          TestDatabase.await(CloudView.open(test.database(), new EventLog(test.database())));
      BlobFolder none = BlobFolder.in(folder.resolve("none"));
      assertThat(new BlobKeeper(test.vertx(), view, none, Clock.systemUTC()).sweep(Set.of()))
          .isEmpty();
    }
  }

  private Path file(String name) throws IOException {
    Path file = Files.writeString(folder.resolve(name), "old");
    return Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(BlobSweep.UNNAMED_KEPT).minusSeconds(60)));
  }

  private static void names(CloudWriter writer, String digest) {
    Command image =
        new Command.Apply(
            Kind.IMAGE,
            new Uid(UUID.randomUUID()),
            Metadata.DEFAULT_WORKSPACE,
            "debian-12",
            null,
            new ImageSpec(
                "1", Map.of("rootfs", new Blob(digest, 3), "metadata", new Blob(digest, 3))),
            null);
    assertThat(TestDatabase.await(writer.submit(image, Origin.of("test", "test"))))
        .isInstanceOf(Outcome.Done.class);
  }
}
