package io.mammatus.control.identity;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * The cloud's own certificate authority (RFC 5280). Its key is made on first start, kept in one
 * file that only this program's user can read, and never leaves the machine.
 */
public final class CertificateAuthority {

  private static final Duration CA_LIFE = Duration.ofDays(3650);
  private static final Duration NODE_LIFE = Duration.ofDays(90);

  /** Its key lives as long as the process, which may run for long. */
  private static final Duration SERVER_LIFE = Duration.ofDays(825);

  /** Clocks differ: what is signed is valid from a little before. */
  private static final Duration BACKDATE = Duration.ofHours(1);

  private static final SecureRandom RANDOM = new SecureRandom();

  private final X509Certificate certificate;
  private final PrivateKey key;
  private final InstantSource clock;

  private CertificateAuthority(X509Certificate certificate, PrivateKey key, InstantSource clock) {
    this.certificate = certificate;
    this.key = key;
    this.clock = clock;
  }

  /** A certificate with its key. */
  public record Issued(X509Certificate certificate, KeyPair keys) {}

  /** Opens the CA kept in this folder, or makes one there. Blocking. */
  public static CertificateAuthority open(Path folder, InstantSource clock) throws IOException {
    Path file = folder.resolve("ca.pem");
    try {
      if (!Files.exists(file)) {
        create(folder, file, clock);
      }
      requirePrivate(file);
      try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
        if (!(parser.readObject() instanceof PrivateKeyInfo key)
            || !(parser.readObject() instanceof X509CertificateHolder certificate)) {
          throw new IOException("it does not hold a key and its certificate");
        }
        return new CertificateAuthority(
            new JcaX509CertificateConverter().getCertificate(certificate),
            new JcaPEMKeyConverter().getPrivateKey(key),
            clock);
      }
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IOException("the CA in " + file + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void requirePrivate(Path file) throws IOException {
    Set<PosixFilePermission> allowed =
        Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
    if (!allowed.containsAll(Files.getPosixFilePermissions(file))) {
      throw new IOException(
          "others than its owner may read the CA's key: make sure that nobody did, then chmod 600 "
              + file);
    }
  }

  private static void create(Path folder, Path file, InstantSource clock)
      throws IOException, GeneralSecurityException, OperatorCreationException {
    KeyPair pair = newKey();
    X500Principal name = new X500Principal("CN=Mammatus CA " + hex(new BigInteger(32, RANDOM)));
    Instant now = clock.instant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial(),
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(CA_LIFE)),
            name,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    X509Certificate certificate = sign(builder, pair.getPrivate());
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path fresh =
        Files.createTempFile(
            folder,
            "ca",
            ".new",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, pem(pair.getPrivate()) + pem(certificate));
    sync(fresh, StandardOpenOption.WRITE);
    try {
      // A link does not replace: of two processes that start at once, one makes the CA.
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      // the other one was first, and its CA is read
    } finally {
      Files.delete(fresh);
    }
    sync(folder, StandardOpenOption.READ);
  }

  /** On disk before the first certificate is given out: a lost key would lock every node out. */
  private static void sync(Path path, OpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }

  /** The CA's certificate. */
  public X509Certificate certificate() {
    return certificate;
  }

  /** SHA-256 over the certificate in DER form: what a boot script tells a machine to believe. */
  public String fingerprint() {
    try {
      return fingerprint(certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate that was read can be written", e);
    }
  }

  /** A certificate for this program's own servers, with a key made now and kept in memory. */
  public Issued issueServer(List<String> hosts) {
    try {
      KeyPair pair = newKey();
      X509v3CertificateBuilder builder = leaf("CN=mammatus", pair.getPublic(), SERVER_LIFE);
      GeneralName[] names =
          hosts.stream()
              .map(host ->
                  new GeneralName(
                      host.matches("[0-9.]+") ? GeneralName.iPAddress : GeneralName.dNSName, host))
              .toArray(GeneralName[]::new);
      builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      return new Issued(sign(builder, key), pair);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("a server certificate cannot be made", e);
    }
  }

  /**
   * A certificate for a node's key. The names in its request are ignored: the cloud says who it is.
   *
   * @param uri the node's identity as a URI, such as {@code urn:mammatus:node:ID}
   */
  public X509Certificate issueNode(PublicKey publicKey, String uri) {
    try {
      X509v3CertificateBuilder builder = leaf("CN=node", publicKey, NODE_LIFE);
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
      return sign(builder, key);
    } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
      throw new IllegalStateException("a node certificate cannot be made", e);
    }
  }

  private X509v3CertificateBuilder leaf(String subject, PublicKey publicKey, Duration life)
      throws CertIOException {
    Instant now = clock.instant();
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate.getSubjectX500Principal(),
            serial(),
            Date.from(now.minus(BACKDATE)),
            Date.from(now.plus(life)),
            new X500Principal(subject),
            publicKey);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    return builder;
  }

  private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey signer)
      throws OperatorCreationException, GeneralSecurityException {
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(signer)));
  }

  private static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
    return generator.generateKeyPair();
  }

  /** Positive, with 126 random bits (RFC 5280, section 4.1.2.2). */
  private static BigInteger serial() {
    return new BigInteger(126, RANDOM).setBit(126);
  }

  private static String hex(BigInteger number) {
    return number.toString(16);
  }

  /** {@code sha256:} and 64 hexadecimal digits. */
  public static String fingerprint(byte[] der) {
    try {
      return "sha256:" + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A private key (PKCS #8) in PEM form. */
  public static String pem(PrivateKey key) throws IOException {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /** A certificate in PEM form. */
  public static String pem(X509Certificate certificate) throws IOException {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (CertificateEncodingException e) {
      throw new IOException("a certificate that cannot be written", e);
    }
  }

  private static String pem(String type, byte[] der) throws IOException {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(type, der));
    }
    return text.toString();
  }
}
