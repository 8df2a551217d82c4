package io.mammatus.control.identity;

import io.mammatus.core.resource.NodeId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** How a certificate says which node it is: a URI among its alternative names. */
public final class NodeCertificates {

  private static final String PREFIX = "urn:mammatus:node:";

  /** GeneralName's choice 6 (RFC 5280, section 4.2.1.6). */
  private static final int URI = 6;

  private NodeCertificates() {}

  public static String uri(NodeId node) {
    return PREFIX + node;
  }

  /** The node that a certificate, already verified, belongs to. */
  public static Optional<NodeId> node(X509Certificate certificate) {
    try {
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (names == null) {
        return Optional.empty();
      }
      return names.stream()
          .filter(name -> name.get(0).equals(URI) && name.get(1).toString().startsWith(PREFIX))
          .map(name -> NodeId.parse(name.get(1).toString().substring(PREFIX.length())))
          .findFirst();
    } catch (CertificateParsingException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
