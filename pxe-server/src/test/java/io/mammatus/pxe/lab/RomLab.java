package io.mammatus.pxe.lab;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.awaitility.Awaitility;

/** A {@link Lab} with loaders and a node image, and machines in QEMU that boot from it. */
final class RomLab implements AutoCloseable {

  private static final String OVMF = "/usr/share/OVMF/OVMF_";
  private static final Duration LIMIT = Duration.ofSeconds(150);

  final Lab lab;
  private final Path folder;
  private final List<Process> machines = new ArrayList<>();

  /**
   * @param kernel stands in for the node's; what matters is that the ROM fetches all that is named
   * @param kernelArguments of the image
   */
  RomLab(Path folder, Path kernel, String kernelArguments, List<String> serverOptions)
      throws IOException {
    this.folder = folder;
    loaders(folder.resolve("loaders"));
    image(folder.resolve("images/node/v1"), kernel, kernelArguments);
    this.lab = new Lab(folder, serverOptions);
    lab.makeTap("tap0");
  }

  /** As {@code images/build} makes them: from the distribution's packages. */
  private static void loaders(Path out) throws IOException {
    run("../images/build", "loaders", "--out", out.toString());
  }

  private static void image(Path image, Path kernel, String arguments) throws IOException {
    Files.createDirectories(image);
    Files.copy(kernel, image.resolve("vmlinuz"), StandardCopyOption.REPLACE_EXISTING);
    Files.write(image.resolve("initrd.img"), new byte[1 << 20]);
    Files.write(image.resolve("root.squashfs"), new byte[1 << 20]);
    JsonObject files = new JsonObject();
    for (String name : List.of("vmlinuz", "initrd.img", "root.squashfs")) {
      byte[] octets = Files.readAllBytes(image.resolve(name));
      files.put(name, new JsonObject().put("sha256", sha256(octets)).put("bytes", octets.length));
    }
    JsonObject manifest =
        new JsonObject()
            .put("kind", "node")
            .put("version", "v1")
            .put("kernelArguments", arguments)
            .put("files", files);
    Files.writeString(image.resolve("manifest.json"), manifest.encode());
  }

  private static String sha256(byte[] octets) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(octets));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** A machine's card; with {@code ",romfile="} the firmware's own driver is used. */
  static String card(String mac, String more) {
    return "virtio-net-pci,netdev=n0,bootindex=1,mac=" + mac + more;
  }

  /** OVMF without Secure Boot. */
  List<String> uefi() throws IOException {
    return new ArrayList<>(flash(OVMF + "CODE_4M.fd", OVMF + "VARS_4M.fd"));
  }

  /** OVMF that enforces Secure Boot, with Microsoft's keys; it needs SMM to keep them safe. */
  List<String> secureUefi() throws IOException {
    List<String> options = new ArrayList<>(flash(OVMF + "CODE_4M.ms.fd", OVMF + "VARS_4M.ms.fd"));
    options.addAll(
        List.of("-machine", "smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on"));
    return options;
  }

  private List<String> flash(String code, String variables) throws IOException {
    Path own = folder.resolve("variables.fd");
    Files.copy(Path.of(variables), own, StandardCopyOption.REPLACE_EXISTING);
    return List.of(
        "-drive",
        "if=pflash,format=raw,readonly=on,file=" + code,
        "-drive",
        "if=pflash,format=raw,file=" + own);
  }

  /** Switches a PC on; what it says on its serial port goes to {@link #console}. */
  void power(List<String> more) throws IOException {
    power("qemu-system-x86_64", "q35,graphics=off", more);
  }

  /** Switches a machine of arm64 on, with the distribution's UEFI. */
  void powerArm(List<String> more) throws IOException {
    List<String> options =
        new ArrayList<>(flash("/usr/share/AAVMF/AAVMF_CODE.fd", "/usr/share/AAVMF/AAVMF_VARS.fd"));
    options.addAll(more);
    power("qemu-system-aarch64", "virt", options);
  }

  private void power(String program, String machine, List<String> more) throws IOException {
    Files.deleteIfExists(serial());
    List<String> command =
        new ArrayList<>(
            List.of(
                program,
                "-machine",
                machine,
                "-accel",
                "tcg,thread=multi",
                "-cpu",
                "max",
                "-m",
                "512",
                "-display",
                "none",
                "-no-reboot",
                "-serial",
                "file:" + serial(),
                "-netdev",
                "tap,id=n0,ifname=tap0,script=no,downscript=no"));
    command.addAll(more);
    machines.add(lab.start(command.toArray(new String[0])));
  }

  private Path serial() {
    return folder.resolve("serial.txt");
  }

  String console() {
    try {
      return Files.exists(serial())
          ? new String(Files.readAllBytes(serial()), StandardCharsets.ISO_8859_1)
          : "";
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  void awaitConsole(String text) {
    Awaitility.await()
        .atMost(LIMIT)
        .untilAsserted(() -> org.assertj.core.api.Assertions.assertThat(console()).contains(text));
  }

  void awaitInitrd(String mac) {
    lab.awaitTrace(
        LIMIT,
        line ->
            line.contains(mac) && line.contains("step=initrd") && line.contains("stage=FINISHED"));
  }

  /** Of the DHCP packets up to the first kernel: a stand-in kernel may well ask again. */
  List<String> reasons(String mac) {
    return lab.trace().stream()
        .takeWhile(line -> !line.contains("step=kernel"))
        .filter(line -> line.contains("protocol=dhcp") && line.contains(mac))
        .map(line -> line.replaceAll(".*reason=([^,]*),.*", "$1"))
        .toList();
  }

  /** From the acknowledgement that names the script to the script. */
  Duration fromAcknowledgementToScript(String mac) {
    return lab.between(
        line -> line.contains("what=REQUEST, reason=script") && line.contains(mac),
        line -> line.contains("step=script") && line.contains("stage=FINISHED"));
  }

  void powerOff() throws InterruptedException {
    machines.removeLast().destroyForcibly().waitFor();
  }

  /** Runs a tool and gives the one line that it says. */
  static String output(String command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** Runs a tool to its end. */
  static void run(String... command) throws IOException {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(String.join(" ", command) + " ended with " + status);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    machines.forEach(Process::destroyForcibly);
    lab.close();
  }
}
