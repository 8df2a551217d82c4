package io.mammatus.pxe.dhcp;

import io.mammatus.core.net.Mac;
import io.mammatus.protocols.dhcp4.DhcpMessage;
import io.mammatus.protocols.dhcp4.DhcpMessageType;
import io.mammatus.protocols.dhcp4.DhcpOption;
import io.mammatus.protocols.dhcp4.IpxeFeature;
import io.mammatus.protocols.dhcp4.OptionCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The table of docs/boot.md, a row a firmware, as messages and settings. */
final class BootTable {

  /** What no machine's name should do anything by. */
  static final List<String> HOSTILE =
      List.of(
          "\n#!ipxe\nshell",
          "${net0/mac}",
          "$(reboot)",
          "`reboot`",
          "'; reboot; '",
          "\" || shell",
          "a || shell",
          "../../etc/passwd",
          "\0",
          "é",
          "init=/bin/sh");

  private static final Path FILE = Path.of("..", "docs", "boot.md");

  private BootTable() {}

  /**
   * A row.
   *
   * @param says options 60, 93, 77 and 175 as the columns have them
   * @param when what the settings, the folder of loaders and the past have to do with it
   */
  record Row(
      String name,
      String vendorClass,
      List<Integer> architectures,
      String says,
      String when,
      String gets) {

    Mac mac() {
      return name.contains("Raspberry") && !name.contains("UEFI")
          ? Mac.parse("dc:a6:32:01:02:03")
          : Fixtures.MACHINE;
    }

    DhcpMessage message() {
      List<DhcpOption> options = new ArrayList<>();
      if (!vendorClass.isEmpty()) {
        String arch =
            architectures.isEmpty() ? "00000" : "%05d".formatted(architectures.getFirst());
        options.add(
            new DhcpOption.Text(
                OptionCode.VENDOR_CLASS,
                vendorClass.endsWith("Client")
                    ? vendorClass + ":Arch:" + arch + ":UNDI:002001"
                    : vendorClass));
      }
      if (!architectures.isEmpty()) {
        options.add(new DhcpOption.ClientArch(architectures));
      }
      List<IpxeFeature> features = new ArrayList<>();
      for (String word : words(says)) {
        if (word.startsWith("77=")) {
          options.add(Fixtures.userClass(word.substring(3)));
        } else if (!word.equals("175")) {
          features.add(IpxeFeature.valueOf(word.toUpperCase(Locale.ROOT)));
        }
      }
      if (words(says).contains("175")) {
        options.add(Fixtures.ipxe(features.toArray(new IpxeFeature[0])));
      }
      return Fixtures.message(
          mac(),
          io.mammatus.core.net.Ipv4.ANY,
          DhcpMessageType.DISCOVER,
          options.toArray(new DhcpOption[0]));
    }

    BootSettings settings() {
      return BootSettings.of(
              when.contains("no such file") ? Set.of() : Fixtures.LOADERS,
              when.contains("secureBoot: always") ? SecureBoot.ALWAYS : SecureBoot.AUTO,
              8069,
              true)
          .withHttps(
              when.contains("boot.https")
                  ? Optional.of(new BootSettings.Https(8445, !when.contains("fallback: false")))
                  : Optional.empty());
    }

    BootMemory.Recent recent() {
      return new BootMemory.Recent(
          when.contains("third time") ? BootDecider.MAX_CHAINS : 0,
          when.contains("did not start") ? 1 : 0);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Row> read() throws IOException {
    try (Stream<String> lines = Files.lines(FILE)) {
      return lines
          .dropWhile(line -> !line.startsWith("| firmware |"))
          .skip(2)
          .takeWhile(line -> line.startsWith("|"))
          .map(BootTable::row)
          .toList();
    }
  }

  private static Row row(String line) {
    List<String> cells =
        Stream.of(line.split("\\|", -1)).map(cell -> cell.replace("`", "").strip()).toList();
    if (cells.size() != 8) {
      throw new IllegalArgumentException("not a row of six: " + line);
    }
    List<Integer> architectures = words(cells.get(3)).stream().map(Integer::parseInt).toList();
    return new Row(
        cells.get(1), cells.get(2), architectures, cells.get(4), cells.get(5), cells.get(6));
  }

  private static List<String> words(String cell) {
    return Stream.of(cell.split("[ ,]+")).filter(word -> !word.isEmpty()).toList();
  }

  /** A decision as the table's last column says it. */
  static String words(BootDecision decision) {
    return switch (decision) {
      case BootDecision.AddressOnly _ -> "address only";
      case BootDecision.Loader(String file, BootDecision.Loader.Reason _) -> "TFTP " + file;
      case BootDecision.HttpLoader(io.mammatus.protocols.boot.BootUrl url) ->
          (url.secure() ? "HTTPS " : "HTTP ") + url.path().replaceFirst(".*/", "");
      case BootDecision.Script _ -> "script";
      case BootDecision.RaspberryPi _ -> "Raspberry Pi's files";
      case BootDecision.Unsupported(IgnoreReason reason) -> "nothing: " + reason.label();
    };
  }
}
