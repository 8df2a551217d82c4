package io.mammatus.control.identity;

import java.io.StringReader;
import java.security.PublicKey;
import java.util.concurrent.Callable;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * A certificate signing request (PKCS #10, RFC 2986) whose signature was checked: whoever sent it
 * has the key.
 *
 * @param fingerprint SHA-256 of the SubjectPublicKeyInfo
 */
public record NodeRequest(PublicKey publicKey, String fingerprint) {

  private static final int MAX_CHARACTERS = 8192;

  /**
   * Reads a request in PEM form.
   *
   * @throws IllegalArgumentException if it is not one, its signature is wrong, or its key is not
   *     ECDSA on P-256
   */
  public static NodeRequest parse(String pem) {
    if (pem.length() > MAX_CHARACTERS) {
      throw new IllegalArgumentException("the signing request is too long");
    }
    PKCS10CertificationRequest request = read(pem);
    PublicKey key = keyOf(request);
    boolean strong =
        key instanceof java.security.interfaces.ECPublicKey ec
            && ec.getParams().getCurve().getField().getFieldSize() == 256;
    if (!strong) {
      throw new IllegalArgumentException("the key is not an ECDSA key on P-256");
    }
    if (!signedBy(key, request)) {
      throw new IllegalArgumentException("the request is not signed by its own key");
    }
    return new NodeRequest(key, CertificateAuthority.fingerprint(key.getEncoded()));
  }

  private static PKCS10CertificationRequest read(String pem) {
    Object read =
        guarded(() -> {
          try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            return parser.readObject();
          }
        });
    if (read instanceof PKCS10CertificationRequest request) {
      return request;
    }
    throw new IllegalArgumentException("not a certificate signing request in PEM form");
  }

  private static PublicKey keyOf(PKCS10CertificationRequest request) {
    return guarded(() -> new JcaPKCS10CertificationRequest(request).getPublicKey());
  }

  private static boolean signedBy(PublicKey key, PKCS10CertificationRequest request) {
    return guarded(
        () -> request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key)));
  }

  /**
   * The library meets damaged ASN.1 lazily and says so by whatever it threw last: checked
   * exceptions, IllegalStateException, ClassCastException, an index out of bounds. To the sender
   * all of it is one fault.
   */
  private static <T> T guarded(Callable<T> step) {
    try {
      return step.call();
    } catch (Exception e) {
      throw new IllegalArgumentException("the signing request cannot be read", e);
    }
  }
}
