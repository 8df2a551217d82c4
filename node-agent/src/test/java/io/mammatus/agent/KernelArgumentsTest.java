package io.mammatus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mammatus.core.net.Mac;
import io.mammatus.platform.config.HostPort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KernelArgumentsTest {

  private static final String CA = "sha256:" + "ab".repeat(32);
  private static final String LINE =
      "BOOT_IMAGE=vmlinuz boot=mammatus quiet mammatus.control=10.88.0.1:8444 mammatus.ca=%s"
              .formatted(CA)
          + " BOOTIF=01-52-54-00-00-00-0A console=ttyS0,115200\n";

  @Test
  void readsWhatTheBootScriptSaid() {
    AgentConfig config = KernelArguments.read(LINE);
    assertThat(config.control()).isEqualTo(HostPort.parse("10.88.0.1:8444"));
    assertThat(config.ca()).isEqualTo(CA);
    assertThat(config.bootMac()).isEqualTo(Mac.parse("52:54:00:00:00:0a"));
    assertThat(config.stateDisk()).isTrue();
  }

  @Test
  void takesBootifWithoutTheHardwareTypeToo() {
    AgentConfig config =
        KernelArguments.read(LINE.replace("01-52-54-00-00-00-0A", "52:54:00:00:00:0a"));
    assertThat(config.bootMac()).isEqualTo(Mac.parse("52:54:00:00:00:0a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"mammatus.control", "mammatus.ca", "BOOTIF"})
  void saysWhatIsMissing(String name) {
    String without = LINE.replace(name + "=", "other=");
    assertThatThrownBy(() -> KernelArguments.read(without))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mammatus.ca=sha256:12",
        "mammatus.ca=",
        "mammatus.control=10.88.0.1:notaport",
        "BOOTIF=01-52-54-00",
        "BOOTIF=",
        "BOOTIF=zz-52-54-00-00-00-0g",
      })
  void refusesWhatIsWrong(String last) {
    String line = LINE.strip() + " " + last;
    assertThatThrownBy(() -> KernelArguments.read(line))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
