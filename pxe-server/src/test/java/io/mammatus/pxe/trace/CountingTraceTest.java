package io.mammatus.pxe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.core.net.Mac;
import io.mammatus.pxe.trace.PacketVerdict.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CountingTraceTest {

  @Test
  void countsByReasonAndNotByClient() {
    CountingTrace trace = new CountingTrace(PxeTrace.none());
    for (int i = 0; i < 5; i++) {
      trace.packet(verdict(new Mac(i), "other-server", "client " + i));
    }
    trace.packet(verdict(new Mac(9), "no-subnet", ""));
    assertThat(trace.count(Outcome.IGNORED, "other-server")).isEqualTo(5);
    assertThat(trace.counts()).hasSize(2);
  }

  @Test
  void whatClientsSendIsMadePrintable() {
    assertThat(verdict(new Mac(1), "x", "a\nb\u001b[31m\u00e9" + "y".repeat(500)).detail())
        .startsWith("a?b?[31m?yyy")
        .hasSize(200);
  }

  private static PacketVerdict verdict(Mac mac, String reason, String detail) {
    return new PacketVerdict(
        "dhcp", "br0", Optional.of(mac), Outcome.IGNORED, "DISCOVER", reason, detail);
  }
}
