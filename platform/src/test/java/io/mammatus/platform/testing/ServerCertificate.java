package io.mammatus.platform.testing;

import io.mammatus.platform.tls.Believing;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;

/** A certificate that signs itself, made by openssl: {@code server.pem} and {@code server.key}. */
public record ServerCertificate(Path certificate, Path key) {

  private static final int GUID = 16;

  /** Makes one for an address in a folder; RSA, which every firmware knows. */
  public static ServerCertificate make(Path folder, String address)
      throws IOException, InterruptedException {
    ServerCertificate made =
        new ServerCertificate(folder.resolve("server.pem"), folder.resolve("server.key"));
    Process openssl =
        new ProcessBuilder(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-sha256",
                "-days",
                "30",
                "-subj",
                "/CN=boot server of a test",
                "-addext",
                "subjectAltName=IP:" + address,
                "-keyout",
                made.key.toString(),
                "-out",
                made.certificate.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("openssl.txt").toFile())
            .start();
    if (openssl.waitFor() != 0) {
      throw new IOException(Files.readString(folder.resolve("openssl.txt")));
    }
    return made;
  }

  /** As a server takes it. */
  public PemKeyCertOptions pair() {
    return new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString());
  }

  public X509Certificate read() throws IOException, CertificateException {
    try (InputStream pem = Files.newInputStream(certificate)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
    }
  }

  /**
   * As firmware has authorities enrolled: one EFI_SIGNATURE_LIST of type EFI_CERT_X509_GUID with
   * one entry of no particular owner (UEFI 2.10, section 32.4.1).
   */
  public byte[] signatureList() throws IOException, CertificateException {
    byte[] der = read().getEncoded();
    int entry = GUID + der.length;
    return ByteBuffer.allocate(GUID + 3 * Integer.BYTES + entry)
        .put(HexFormat.of().parseHex("a159c0a5e494a74a87b5ab155c2bf072"))
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(GUID + 3 * Integer.BYTES + entry)
        .putInt(0)
        .putInt(entry)
        .put(new byte[GUID])
        .put(der)
        .array();
  }

  /** For a client that believes it. */
  public SSLContext believed() throws IOException, GeneralSecurityException {
    return Believing.only(List.of(read()));
  }
}
