package io.mammatus.control.identity;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.RuntimeOperatorException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
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
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
        throw new IllegalArgumentException("not a certificate signing request in PEM form");
      }
      PublicKey key = new JcaPKCS10CertificationRequest(request).getPublicKey();
      boolean strong =
          key instanceof java.security.interfaces.ECPublicKey ec
              && ec.getParams().getCurve().getField().getFieldSize() == 256;
      if (!strong) {
        throw new IllegalArgumentException("the key is not an ECDSA key on P-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new IllegalArgumentException("the request is not signed by its own key");
      }
      return new NodeRequest(key, CertificateAuthority.fingerprint(key.getEncoded()));
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | RuntimeOperatorException e) {
      throw new IllegalArgumentException("the signing request cannot be read", e);
    }
  }
}
