package io.mammatus.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LogLineTest {

  private static LogRecord entry(String message) {
    LogRecord entry = new LogRecord(Level.WARNING, message);
    entry.setLoggerName("io.mammatus.store.log.Follower");
    entry.setInstant(Instant.parse("2026-11-20T10:42:34.123456Z"));
    return entry;
  }

  @Test
  void aRecordIsALine() {
    LogRecord entry = entry("the log waits: {0}");
    entry.setParameters(new Object[] {"gone\naway"});
    assertThat(new LogLine().format(entry))
        .isEqualTo("2026-11-20T10:42:34.123Z WARNING Follower the log waits: gone | away\n");
  }

  @Test
  void aStackIsIndentedBelow() {
    LogRecord entry = entry("odd");
    entry.setThrown(new IllegalStateException("with mam_0123456789abcdefgh inside"));
    assertThat(new LogLine().format(entry))
        .startsWith("2026-11-20T10:42:34.123Z WARNING Follower odd\n  java.lang.Illegal")
        .contains("with *** inside")
        .doesNotContain("mam_");
  }

  @Test
  void whatHasTheFormOfASecretIsBlanked() {
    String line =
        new LogLine()
            .format(
                entry(
                    "Authorization: Bearer abc.def and mam_xDZjLWz8vVEUMYVPAIWU5SiDxRU6 and"
                        + " -----BEGIN EC PRIVATE KEY-----\nMHcC\n-----END EC PRIVATE KEY----- end"));
    assertThat(line).endsWith("Follower Authorization: *** and *** and *** end\n");
  }
}
