package io.mammatus.pxe.neighbour;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.pxe.neighbour.NeighbourTable.Room;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NeighbourTableTest {

  @TempDir Path folder;

  @Test
  void whatIsTooLowIsRaised() throws Exception {
    NeighbourTable table = table(128, 512, 1024);
    assertThat(table.makeRoom(1000))
        .isEqualTo(
            new Room.Raised(
                new NeighbourLimits(128, 512, 1024), new NeighbourLimits(250, 1000, 2000)));
    assertThat(table.limits()).contains(new NeighbourLimits(250, 1000, 2000));
  }

  @Test
  void whatIsHighEnoughIsLeftAsItIs() throws Exception {
    NeighbourTable table = table(128, 8192, 1024);
    assertThat(table.makeRoom(1000)).isInstanceOf(Room.Raised.class);
    assertThat(table.limits()).contains(new NeighbourLimits(250, 8192, 2000));
    assertThat(table.makeRoom(900))
        .isEqualTo(new Room.Enough(new NeighbourLimits(250, 8192, 2000)));
  }

  @Test
  void theKernelsUsualLimitsAreEnoughForFiveHundredHosts() throws Exception {
    assertThat(table(128, 512, 1024).makeRoom(512)).isInstanceOf(Room.Enough.class);
    assertThat(table(128, 512, 1024).makeRoom(513)).isInstanceOf(Room.Raised.class);
  }

  @Test
  void rangesOfMillionsOfAddressesDoNotMakeATableOfMillions() throws Exception {
    NeighbourTable table = table(128, 512, 1024);
    assertThat(table.makeRoom(1L << 32)).isInstanceOf(Room.Raised.class);
    assertThat(table.limits()).contains(new NeighbourLimits(16384, 65536, 131072));
  }

  /** A file of the kernel that root cannot write either stands for one that we may not. */
  @Test
  void whoMayNotRaiseThemIsToldWhatWouldHelp() throws Exception {
    NeighbourTable table = table(128, 512, 1024);
    Files.delete(folder.resolve("gc_thresh3"));
    Files.createSymbolicLink(
        folder.resolve("gc_thresh3"), Path.of("/proc/sys/kernel/random/entropy_avail"));
    assertThat(table.makeRoom(70_000))
        .isInstanceOfSatisfying(
            Room.Refused.class,
            refused ->
                assertThat(refused.needed().command())
                    .isEqualTo(
                        "sysctl -w net.ipv4.neigh.default.gc_thresh1=16384"
                            + " net.ipv4.neigh.default.gc_thresh2=65536"
                            + " net.ipv4.neigh.default.gc_thresh3=131072"));
    assertThat(Files.readString(folder.resolve("gc_thresh2"))).isEqualTo("512\n");
  }

  @Test
  void inAnotherNetworkNamespaceTheyAreTheMachinesAffair() throws Exception {
    NeighbourTable table = new NeighbourTable(folder.resolve("none"));
    assertThat(table.makeRoom(4000))
        .isEqualTo(new Room.Unseen(new NeighbourLimits(1000, 4000, 8000)));
    assertThat(table.makeRoom(100)).isInstanceOf(Room.Enough.class);
  }

  /** A sysctl gives its number to the first read(2) alone; files of a test do not. */
  @Test
  void theKernelsOwnNumbersAreReadWhole() throws Exception {
    Path real = Path.of("/proc/sys/kernel/pid_max");
    Process cat = new ProcessBuilder("cat", real.toString()).start();
    int expected = Integer.parseInt(new String(cat.getInputStream().readAllBytes(), UTF_8).strip());
    for (int i = 1; i <= 3; i++) {
      Files.createSymbolicLink(folder.resolve("gc_thresh" + i), real);
    }
    assertThat(expected).isGreaterThan(9);
    assertThat(new NeighbourTable(folder).limits())
        .contains(new NeighbourLimits(expected, expected, expected));
  }

  private NeighbourTable table(int kept, int soft, int hard) throws IOException {
    Files.writeString(folder.resolve("gc_thresh1"), kept + "\n");
    Files.writeString(folder.resolve("gc_thresh2"), soft + "\n");
    Files.writeString(folder.resolve("gc_thresh3"), hard + "\n");
    return new NeighbourTable(folder);
  }
}
