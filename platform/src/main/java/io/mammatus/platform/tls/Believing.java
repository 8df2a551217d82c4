package io.mammatus.platform.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Contexts for clients that believe what they are given, and nothing of what the system does. */
public final class Believing {

  private Believing() {}

  /**
   * Believes certificates that one of these signed, and these themselves.
   *
   * @throws GeneralSecurityException if one of them cannot be used
   */
  public static SSLContext only(Collection<? extends Certificate> authorities)
      throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new IllegalStateException("nothing is read for an empty store", e);
    }
    int number = 0;
    for (Certificate authority : authorities) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
