package io.mammatus.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** {@code mammatus doctor} beside a cloud that does not run yet, and then does. */
class DoctorIT {

  @Test
  void theDoctorFetchesFromTheServerThatRuns() throws Exception {
    Path folder = Layout.rack("mamtest-doctor");
    Shell.run("rm", "-rf", folder.toString());
    BenchCloud cloud = new BenchCloud(folder);
    Files.createDirectories(cloud.loaders());
    BenchFiles.random(cloud.loaders().resolve("undionly.kpxe"), 70_000);
    BenchFiles.random(cloud.loaders().resolve("snponly.efi"), 170_001);
    HttpBench.image(cloud.images().resolve("node").resolve(HttpBench.VERSION), 3_000_000);
    try (BenchNet net = new BenchNet("mamdoc")) {
      net.create();
      Shell.Result before = examine(cloud, net);
      assertThat(before.status()).as(before.output()).isEqualTo(1);
      assertThat(before.output()).contains("nobody has UDP port 69: the boot server does not run");

      cloud.start(net.ours());
      Shell.Result running = examine(cloud, net);
      assertThat(running.status()).as(running.output()).isZero();
      assertThat(running.output())
          .contains("TFTP on net0, undionly.kpxe: fetched from " + BenchNet.OURS)
          .contains("TFTP on net0, snponly.efi: fetched from " + BenchNet.OURS)
          .contains("/images/node/bench/root.squashfs: is served")
          .endsWith("mammatus: nothing is wrong\n");

      BenchFiles.random(cloud.loaders().resolve("snponly.efi"), 170_002);
      assertThat(examine(cloud, net).status()).as("what is served is what is there").isZero();
    } finally {
      Shell.run("rm", "-rf", folder.toString());
    }
  }

  private static Shell.Result examine(BenchCloud cloud, BenchNet net) throws Exception {
    return Shell.attempt(60, cloud.command(net.ours(), "doctor").toArray(String[]::new));
  }
}
