package io.mammatus.protocols.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import org.junit.jupiter.api.Test;

class GrubConfigTest {

  private static final Ipv4 SERVER = Ipv4.parse("10.88.0.1");
  private static final BootScript.Retry RETRY =
      new BootScript.Retry(5, new BootUrl(SERVER, 8069, "/v1/boot/52-54-00-12-34-56"));

  @Test
  void aNodeBootFetchesFromWhereTheConfigurationCameFrom() {
    BootScript script =
        new BootScript.NodeBoot(
            new BootUrl(SERVER, 8069, "/images/node/1/vmlinuz"),
            new BootUrl(SERVER, 8069, "/images/node/1/initrd.img"),
            KernelArguments.parse("boot=mammatus quiet").with("list", "[a,b]~"),
            RETRY);
    assertThat(GrubConfig.render(script))
        .isEqualTo(
            """
            echo 'Mammatus: loading the node image'
            if linux '/images/node/1/vmlinuz' 'boot=mammatus' 'quiet' 'list=[a,b]~'; then
              if initrd '/images/node/1/initrd.img'; then
                boot
              fi
            fi
            echo 'Mammatus: could not load the node image; asking again'
            sleep 5
            """);
  }

  @Test
  void whoeverAsksIsSentToItsMachinesOwn() {
    assertThat(GrubConfig.first("/grub/mac"))
        .contains("while true; do\n  if source \"/grub/mac/$net_default_mac\"; then")
        .contains("sleep 5");
  }

  /** UEFI: a boot option that ends well ends the boot order. */
  @Test
  void theLocalDiskIsLookedForAndNeverTheNetwork() {
    assertThat(GrubConfig.render(new BootScript.LocalDisk()))
        .contains("search --no-floppy --file --set=root \"$loader\"")
        .endsWith("exit 1\n")
        .doesNotContain("source", "sleep");
  }

  @Test
  void aWaitSaysWhy() {
    assertThat(GrubConfig.render(new BootScript.RetryWait("no node image yet", RETRY)))
        .isEqualTo("echo 'Mammatus: no node image yet'\nsleep 5\n");
  }
}
