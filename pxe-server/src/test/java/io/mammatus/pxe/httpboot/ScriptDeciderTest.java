package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.BootScript;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.view.Host;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScriptDeciderTest {

  private static final Mac MAC = Mac.parse("52:54:00:12:34:56");
  private static final ScriptDecider.Asked ASKED =
      new ScriptDecider.Asked(
          MAC, Ipv4.parse("10.88.0.1"), 8069, Instant.ofEpochSecond(1_795_168_000));
  private static final NodeBootSettings CONTROL =
      new NodeBootSettings(Optional.empty(), 8443, "ab".repeat(32), KernelArguments.NONE);
  private static final NodeImage IMAGE =
      new NodeImage("v1", KernelArguments.parse("boot=live ip=dhcp"), Path.of("/images"), Map.of());

  @Test
  void bootableMachinesGetTheNodeImage() {
    BootScript script =
        ScriptDecider.decide(ASKED, host(Host.Kind.MACHINE, true), Optional.of(IMAGE), CONTROL);
    assertThat(script).isInstanceOf(BootScript.NodeBoot.class);
    assertThat(((BootScript.NodeBoot) script).arguments().toString())
        .isEqualTo(
            "boot=live ip=dhcp fetch=http://10.88.0.1:8069/images/node/v1/root.squashfs"
                + " BOOTIF=01-52-54-00-12-34-56 mammatus.control=10.88.0.1:8443"
                + " mammatus.ca=sha256:"
                + "ab".repeat(32)
                + " mammatus.time=1795168000");
  }

  @Test
  void othersGetTheirDiskOrWait() {
    assertThat(decide(host(Host.Kind.MACHINE, false), Optional.of(IMAGE)))
        .isEqualTo(new BootScript.LocalDisk());
    assertThat(decide(host(Host.Kind.MACHINE, true), Optional.empty()))
        .isInstanceOf(BootScript.RetryWait.class);
    assertThat(decide(host(Host.Kind.INSTANCE, false), Optional.of(IMAGE)))
        .isInstanceOf(BootScript.RetryWait.class);
    assertThat(decide(Optional.empty(), Optional.of(IMAGE)))
        .isInstanceOf(BootScript.RetryWait.class);
  }

  /** RFC 9110, section 14.1.2. */
  @ParameterizedTest
  @CsvSource({
    "bytes=0-99,0,99",
    "bytes=100-,100,999",
    "bytes=-1,999,999",
    "bytes=-5000,0,999",
    "bytes=990-5000,990,999",
    "bytes= 1-2,1,2"
  })
  void rangesThatAreThere(String header, long first, long last) {
    assertThat(ByteRange.parse(header, 1000)).isEqualTo(new ByteRange.Part(first, last));
  }

  @Test
  void rangesThatAreNot() {
    for (String header : new String[] {"bytes=1000-", "bytes=5000-6000", "bytes=-0"}) {
      assertThat(ByteRange.parse(header, 1000)).isEqualTo(new ByteRange.Unsatisfiable());
    }
    for (String header :
        new String[] {"bytes=5-2", "bytes=-", "bytes=0-1,5-6", "lines=1-2", "", "bytes=a-b"}) {
      assertThat(ByteRange.parse(header, 1000)).isEqualTo(new ByteRange.Full());
    }
  }

  private static BootScript decide(Optional<Host> host, Optional<NodeImage> image) {
    return ScriptDecider.decide(ASKED, host, image, CONTROL);
  }

  private static Optional<Host> host(Host.Kind kind, boolean bootable) {
    return Optional.of(
        new Host(kind, "id", "name", Set.of(MAC), Ipv4.parse("10.88.0.20"), bootable));
  }
}
