package io.mammatus.core.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

  @Test
  void addressesComeBackAsTheyWereWritten() {
    assertThat(Mac.parse("52-54-00-AB-cd-0f")).hasToString("52:54:00:ab:cd:0f");
    assertThat(Ipv4.parse("255.0.10.1")).hasToString("255.0.10.1");
    assertThat(Cidr.parse("10.88.0.0/22")).hasToString("10.88.0.0/22");
    assertThat(Cidr.parse("10.88.0.0/22").netmask()).hasToString("255.255.252.0");
    assertThat(Cidr.parse("10.88.0.0/22").broadcast()).hasToString("10.88.3.255");
    assertThat(Cidr.parse("0.0.0.0/0").contains(Ipv4.parse("8.8.8.8"))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", "a.b.c.d", "1..2.3"})
  void whatIsNoAddressIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Ipv4.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "52:54:00:12:34", "52:54:00:12:34:5g", "52:54:00:12:34:56:78"})
  void whatIsNoMacIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Mac.parse(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.88.0.1/24", "10.88.0.0/33", "10.88.0.0", "10.88.0.0/-1"})
  void whatIsNoNetworkIsRefused(String text) {
    assertThatIllegalArgumentException().isThrownBy(() -> Cidr.parse(text));
  }

  @Test
  void groupAddressesAreTold() {
    assertThat(Mac.parse("01:00:5e:00:00:01").isGroup()).isTrue();
    assertThat(Mac.parse("52:54:00:00:00:01").isGroup()).isFalse();
  }
}
