package io.mammatus.pxe.grub;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.httpboot.NodeBootSettings;
import io.mammatus.pxe.httpboot.NodeImages;
import io.mammatus.pxe.tftp.BootFile;
import io.mammatus.pxe.tftp.FileRequest;
import io.mammatus.pxe.view.BootViews;
import io.mammatus.pxe.view.Host;
import io.mammatus.pxe.view.SnapshotView;
import io.vertx.core.Vertx;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrubBootFilesTest {

  private static final Ipv4 SERVER = Ipv4.parse("10.1.0.1");
  private static final Mac MACHINE = Mac.parse("52:54:00:12:34:56");

  private final Vertx vertx = Vertx.vertx();
  private final GrubBootFiles files;

  GrubBootFilesTest(@TempDir Path folder) {
    Host machine =
        new Host(Host.Kind.MACHINE, "m", "m", Set.of(MACHINE), Ipv4.parse("10.3.0.20"), false);
    files =
        new GrubBootFiles(
            vertx,
            new BootViews(new SnapshotView(List.of(), List.of(machine))),
            new GrubBootFiles.Server(
                folder,
                new NodeImages(vertx, folder, Optional.empty()),
                new NodeBootSettings(Optional.empty(), 8443, "ab".repeat(32), KernelArguments.NONE),
                8069,
                Clock.systemUTC()));
  }

  @AfterEach
  void close() throws Exception {
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  /** Its network need not be on the interface: it may be behind a relay. */
  @Test
  void aMachinesConfigurationDependsOnTheAddressThatItAskedAlone() throws Exception {
    String first = read("/grub/grub.cfg");
    assertThat(first).contains("grub/mac");
    String known = read("grub/mac/" + MACHINE);
    assertThat(known).isNotEmpty().isNotEqualTo(first);
    String unknown = read("grub/mac/52:54:00:00:00:01");
    assertThat(unknown).isNotEqualTo(known);
  }

  private String read(String name) throws Exception {
    Optional<BootFile> found =
        files
            .open(new FileRequest(name, "eth1", Ipv4.parse("10.3.0.20"), SERVER))
            .await(10, TimeUnit.SECONDS);
    BootFile file = found.orElseThrow();
    ByteBuffer content = ByteBuffer.allocate((int) file.size());
    file.read(0, content);
    file.close();
    return new String(content.array(), StandardCharsets.UTF_8);
  }
}
