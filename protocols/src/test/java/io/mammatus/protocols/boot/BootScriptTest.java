package io.mammatus.protocols.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Ipv4;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootScriptTest {

  private static final Ipv4 SERVER = Ipv4.parse("10.88.0.1");
  private static final BootScript.Retry RETRY =
      new BootScript.Retry(5, new BootUrl(SERVER, 8069, "/v1/boot/52-54-00-12-34-56"));

  @Test
  void nodeBoot() {
    BootScript script =
        new BootScript.NodeBoot(
            new BootUrl(SERVER, 8069, "/images/node/1/vmlinuz"),
            new BootUrl(SERVER, 8069, "/images/node/1/initrd.img"),
            KernelArguments.parse("boot=live  quiet").with("BOOTIF", "01-52-54-00-12-34-56"),
            RETRY);
    assertThat(script.render())
        .isEqualTo(
            """
            #!ipxe
            imgfree
            kernel --name vmlinuz http://10.88.0.1:8069/images/node/1/vmlinuz initrd=initrd.img \
            boot=live quiet BOOTIF=01-52-54-00-12-34-56 || goto failed
            initrd --name initrd.img http://10.88.0.1:8069/images/node/1/initrd.img || goto failed
            boot || goto failed
            :failed
            echo Mammatus: could not load the node image; asking again
            :again
            sleep 5
            chain --replace --autofree http://10.88.0.1:8069/v1/boot/52-54-00-12-34-56 || goto again
            """);
  }

  /** UEFI: a boot option that ends well ends the boot order. BIOS: no second round of PXE. */
  @Test
  void localDiskNeverLoops() {
    assertThat(new BootScript.LocalDisk().render())
        .contains("sanboot --no-describe --drive 0x80")
        .contains("exit 1")
        .doesNotContain("chain");
  }

  @Test
  void retryWait() {
    assertThat(new BootScript.RetryWait("no node image yet", RETRY).render())
        .startsWith("#!ipxe\necho Mammatus: no node image yet\n:again\nsleep 5\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\nb", "a\tb", "${net0/mac}", "a\"b", "a#b", "a;b", "a||b", "é"})
  void valuesThatSomethingWouldTakeApartAreRefused(String value) {
    assertThatThrownBy(() -> KernelArguments.NONE.with("key", value))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BootUrl(SERVER, 80, "/" + value))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "relative", "/", "/a/../b", "//a", "/a?b=c", "/a\n", "/.hidden"})
  void pathsArePlain(String path) {
    assertThatThrownBy(() -> new BootUrl(SERVER, 80, path))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCommandLineHasALimit() {
    assertThatThrownBy(() -> KernelArguments.NONE.with("key", "x".repeat(2050)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new BootScript.RetryWait("a\nshell", RETRY))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
