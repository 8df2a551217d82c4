package io.mammatus.store.embedded;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A process that starts a server and waits to be killed; the test is its parent. */
final class Owner {

  private Owner() {}

  public static void main(String[] args) throws InterruptedException {
    EmbeddedSettings settings =
        new EmbeddedSettings(Path.of(args[0]), Path.of(args[1]), Optional.empty());
    EmbeddedPostgres server = EmbeddedPostgres.start(settings);
    System.out.println(server.process().orElseThrow().pid());
    new CountDownLatch(1).await();
  }
}
