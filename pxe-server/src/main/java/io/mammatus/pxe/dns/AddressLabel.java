package io.mammatus.pxe.dns;

import io.mammatus.core.net.Ipv4;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name that every address has, such as {@code ip-10-20-0-7}. */
final class AddressLabel {

  private static final Pattern FORM =
      Pattern.compile("ip-([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,3})-([0-9]{1,3})");

  private AddressLabel() {}

  static String of(Ipv4 address) {
    return "ip-" + address.toString().replace('.', '-');
  }

  /** The address that a label in lower case stands for, if it is in this form exactly. */
  static Optional<Ipv4> parse(String label) {
    Matcher form = FORM.matcher(label);
    if (!form.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Ipv4.parse(label.substring(3).replace('-', '.')));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
