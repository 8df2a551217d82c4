package io.mammatus.agent.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * The node's key, made here and never sent anywhere, and its certificate once there is one.
 *
 * <p>Files are written beside their final name and moved into place, so that a kill at any point
 * leaves the old or the new one.
 */
public final class NodeIdentity {

  private static final String KEY = "key.pem";
  private static final String PUBLIC = "public.pem";
  private static final String CERTIFICATE = "certificate.pem";

  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final Path folder;
  private final PrivateKey privateKey;
  private final PublicKey publicKey;
  private @Nullable String signingRequest;

  private NodeIdentity(Path folder, PrivateKey privateKey, PublicKey publicKey) {
    this.folder = folder;
    this.privateKey = privateKey;
    this.publicKey = publicKey;
  }

  /** Whether a key is kept in this folder. */
  public static boolean exists(Path folder) {
    return Files.isRegularFile(folder.resolve(KEY)) && Files.isRegularFile(folder.resolve(PUBLIC));
  }

  /** The key kept in this folder, made if there is none (ECDSA, P-256). */
  public static NodeIdentity loadOrCreate(Path folder) throws IOException {
    try {
      if (!exists(folder)) {
        create(folder);
      }
      KeyFactory keys = KeyFactory.getInstance("EC");
      PrivateKey privateKey =
          keys.generatePrivate(
              new PKCS8EncodedKeySpec(
                  Pem.read("PRIVATE KEY", Files.readString(folder.resolve(KEY)))));
      PublicKey publicKey =
          keys.generatePublic(
              new X509EncodedKeySpec(
                  Pem.read("PUBLIC KEY", Files.readString(folder.resolve(PUBLIC)))));
      return new NodeIdentity(folder, privateKey, publicKey);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("the key in " + folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static void create(Path folder) throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Files.deleteIfExists(folder.resolve(CERTIFICATE)); // of a key that is no more
    write(folder.resolve(KEY), Pem.write("PRIVATE KEY", pair.getPrivate().getEncoded()));
    write(folder.resolve(PUBLIC), Pem.write("PUBLIC KEY", pair.getPublic().getEncoded()));
  }

  /** SHA-256 of the SubjectPublicKeyInfo: what the operator compares. */
  public String fingerprint() {
    return Fingerprints.of(publicKey.getEncoded());
  }

  /** A PKCS #10 request (RFC 2986) in PEM form, made once; the control plane chooses the names. */
  public synchronized String signingRequest() throws IOException {
    if (signingRequest == null) {
      signingRequest = makeSigningRequest();
    }
    return signingRequest;
  }

  private String makeSigningRequest() throws IOException {
    byte[] information =
        Der.sequence(
            Der.integer(0),
            new X500Principal("CN=node").getEncoded(),
            publicKey.getEncoded(),
            Der.context(0));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(privateKey);
      signature.update(information);
      return Pem.write(
          "CERTIFICATE REQUEST",
          Der.sequence(information, Der.ECDSA_WITH_SHA256, Der.bitString(signature.sign())));
    } catch (GeneralSecurityException e) {
      throw new IOException("the key cannot sign: " + e.getMessage(), e);
    }
  }

  /** The certificate, if there is one. */
  public Optional<String> certificate() throws IOException {
    Path file = folder.resolve(CERTIFICATE);
    return Files.isRegularFile(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Whether the certificate ends soon, or has ended: then it is time to ask for another. */
  public boolean isCertificateDue(Instant now) throws IOException {
    Optional<String> pem = certificate();
    if (pem.isEmpty()) {
      return true;
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(Pem.read("CERTIFICATE", pem.get())));
      return certificate.getNotAfter().toInstant().minus(RENEW_BEFORE).isBefore(now);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("the certificate in " + folder + " is none: " + e.getMessage(), e);
    }
  }

  /** The private key in PKCS #8 PEM form, for the TLS engine. */
  public String privateKeyPem() {
    return Pem.write("PRIVATE KEY", privateKey.getEncoded());
  }

  public void store(String certificate) throws IOException {
    write(folder.resolve(CERTIFICATE), certificate);
  }

  /** Forgets the certificate: the control plane does not accept it any more. */
  public void forgetCertificate() throws IOException {
    Files.deleteIfExists(folder.resolve(CERTIFICATE));
  }

  /**
   * The same identity, kept in another folder from now on. The certificate goes first: it marks
   * nothing alone.
   */
  public NodeIdentity copyTo(Path target) throws IOException {
    Files.createDirectories(
        target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Optional<String> certificate = certificate();
    if (certificate.isPresent()) {
      write(target.resolve(CERTIFICATE), certificate.get());
    }
    write(target.resolve(PUBLIC), Files.readString(folder.resolve(PUBLIC)));
    write(target.resolve(KEY), Files.readString(folder.resolve(KEY)));
    return new NodeIdentity(target, privateKey, publicKey);
  }

  private static void write(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, text);
    sync(fresh, StandardOpenOption.WRITE);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Path folder = file.getParent();
    if (folder != null) {
      sync(folder, StandardOpenOption.READ);
    }
  }

  private static void sync(Path path, OpenOption option) throws IOException {
    try (FileChannel channel = FileChannel.open(path, option)) {
      channel.force(true);
    }
  }
}
