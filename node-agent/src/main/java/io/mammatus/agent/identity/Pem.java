package io.mammatus.agent.identity;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Textual encodings of keys and certificates (RFC 7468). */
public final class Pem {

  private static final Base64.Encoder LINES =
      Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));

  private Pem() {}

  public static String write(String label, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(label, LINES.encodeToString(der), label);
  }

  /**
   * Reads the first block with this label.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static byte[] read(String label, String text) {
    String begin = "-----BEGIN " + label + "-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END " + label + "-----");
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("no " + label + " in PEM form");
    }
    return Base64.getMimeDecoder().decode(text.substring(from + begin.length(), to));
  }
}
