package io.mammatus.pxe.grub;

import io.mammatus.core.net.Mac;
import io.mammatus.pxe.dhcp.BootSettings;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a file name that came over TFTP asks for: a pure function. */
sealed interface GrubRequest {

  /** Where Debian's signed network GRUB looks for its configuration. */
  String FIRST_FILE = "grub/grub.cfg";

  /** Where that configuration sends it to. */
  String MACHINES = "grub/mac";

  Pattern MACHINE = Pattern.compile(MACHINES + "/([0-9a-fA-F:-]{17})");
  Pattern IMAGE = Pattern.compile("images/node/([A-Za-z0-9._-]{1,64})/([A-Za-z0-9._-]{1,64})");

  /** A Raspberry Pi asks below a folder of its serial number, eight hexadecimal digits. */
  Pattern SERIAL = Pattern.compile("[0-9a-f]{8}/(.+)");

  /** The configuration that all get first. */
  record First() implements GrubRequest {}

  /** One machine's. */
  record Machine(Mac mac) implements GrubRequest {}

  /** A file of a node image. */
  record Image(String version, String file) implements GrubRequest {}

  /** A file of the folder of loaders. */
  record File(String name) implements GrubRequest {}

  /** Slashes before a name mean nothing: ROMs put one there, GRUB two. */
  static GrubRequest of(String name) {
    String path = name.replaceFirst("^/+", "");
    Matcher machine = MACHINE.matcher(path);
    Matcher image = IMAGE.matcher(path);
    Matcher serial = SERIAL.matcher(path);
    if (path.equals(FIRST_FILE)) {
      return new First();
    }
    if (machine.matches()) {
      return mac(machine.group(1)).<GrubRequest>map(Machine::new).orElseGet(() -> new File(name));
    }
    if (image.matches()) {
      return new Image(image.group(1), image.group(2));
    }
    return new File(
        serial.matches() ? BootSettings.RASPBERRY_PI_FOLDER + "/" + serial.group(1) : name);
  }

  private static Optional<Mac> mac(String text) {
    try {
      return Optional.of(Mac.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
