package io.mammatus.control.agents;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why TLS let nobody in, as one of a few words. */
final class TlsRefusal {

  /** Whoever does not speak TLS, or another version, or a scanner that hung up. */
  static final String OTHER = "tls-handshake";

  private static final int DEPTH = 10; // of causes; a chain may be a circle

  private TlsRefusal() {}

  static String reason(Throwable failure) {
    @Nullable Throwable cause = failure;
    for (int i = 0; i < DEPTH && cause != null; i++) {
      String message = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
      if (cause instanceof CertificateExpiredException) {
        return "certificate-expired";
      } else if (cause instanceof CertificateNotYetValidException) {
        return "certificate-not-yet-valid";
      } else if (cause instanceof CertPathBuilderException) {
        return "certificate-of-another-authority";
      } else if (message.contains("key usage")) {
        return "certificate-not-for-nodes";
      }
      cause = cause.getCause();
    }
    return OTHER;
  }
}
