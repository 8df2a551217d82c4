package io.mammatus.protocols.dhcp4;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Domain names in DNS's form: labels with their lengths, and an empty one (RFC 1035, 3.1). */
public final class DomainNames {

  private static final int MAX_LABEL = 63;

  private DomainNames() {}

  /** One after the other; what is no name (an empty or a long label) is left out. */
  public static byte[] wire(List<String> names) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    names.forEach(name -> octets.writeBytes(wire(name)));
    return octets.toByteArray();
  }

  private static byte[] wire(String name) {
    ByteArrayOutputStream octets = new ByteArrayOutputStream();
    for (String label : name.split("\\.", -1)) {
      byte[] text = label.getBytes(StandardCharsets.ISO_8859_1);
      if (text.length == 0 || text.length > MAX_LABEL) {
        return new byte[0];
      }
      octets.write(text.length);
      octets.writeBytes(text);
    }
    octets.write(0);
    return octets.toByteArray();
  }
}
