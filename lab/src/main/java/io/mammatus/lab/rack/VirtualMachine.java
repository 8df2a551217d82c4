package io.mammatus.lab.rack;

import io.mammatus.lab.Shell;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server in the virtual rack: QEMU under software emulation, one network card, one disk that
 * begins empty. Switching it off is as rude as pulling the plug; the disk stays. Its serial console
 * is kept over all its boots.
 */
public final class VirtualMachine {

  private static final Path OVMF = Path.of("/usr/share/OVMF");
  private static final Pattern FINGERPRINT =
      Pattern.compile("key fingerprint (sha256:[0-9a-f]{64})");

  /**
   * What it is.
   *
   * @param extra further arguments for QEMU, such as {@code -rtc}
   */
  public record Shape(
      String name, Firmware firmware, String mac, int memoryMiB, int diskGiB, List<String> extra) {

    public Shape {
      extra = List.copyOf(extra);
    }
  }

  private final Shape shape;
  private final LabNetwork network;
  private final Path folder;
  private final String tap;
  private @Nullable Process process;
  private long consoleStart;

  /**
   * @param folder keeps its disk, its firmware's variables and its console
   */
  public VirtualMachine(Shape shape, LabNetwork network, Path folder, int port) throws IOException {
    this.shape = shape;
    this.network = network;
    this.folder = folder;
    this.tap = "tap" + port;
    Files.createDirectories(folder);
    network.addTap(tap);
    try (RandomAccessFile disk = new RandomAccessFile(disk().toFile(), "rw")) {
      disk.setLength((long) shape.diskGiB() << 30);
    }
    if (shape.firmware() == Firmware.UEFI) {
      Files.copy(OVMF.resolve("OVMF_VARS_4M.fd"), variables(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  public Shape shape() {
    return shape;
  }

  private Path disk() {
    return folder.resolve("disk.raw");
  }

  private Path variables() {
    return folder.resolve("uefi-variables.fd");
  }

  /** Everything that its serial console ever showed. */
  public Path consoleFile() {
    return folder.resolve("console.log");
  }

  /** Switches it on. */
  public void powerOn() throws IOException {
    if (isOn()) {
      return;
    }
    consoleStart = Files.exists(consoleFile()) ? Files.size(consoleFile()) : 0;
    process = Shell.start(folder.resolve("qemu.log"), network.command(qemu()));
  }

  /** Pulls the plug. */
  public void powerOff() throws IOException {
    Process running = process;
    if (running == null) {
      return;
    }
    running.destroyForcibly();
    try {
      if (!running.waitFor(20, TimeUnit.SECONDS)) {
        throw new IOException(shape.name() + " does not go off");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    process = null;
  }

  public boolean isOn() {
    Process running = process;
    return running != null && running.isAlive();
  }

  private List<String> qemu() {
    List<String> command =
        new ArrayList<>(
            List.of(
                "qemu-system-x86_64",
                "-name",
                shape.name(),
                "-machine",
                "q35",
                "-accel",
                "tcg,thread=multi",
                // Without these two the emulated kernel clears its memory byte by byte.
                "-cpu",
                "max,-erms,-fsrm",
                "-smp",
                "2",
                "-m",
                Integer.toString(shape.memoryMiB()),
                "-display",
                "none"));
    command.addAll(devices());
    command.addAll(boot());
    command.addAll(shape.extra());
    return command;
  }

  private List<String> devices() {
    return List.of(
        "-chardev",
        "file,id=console,append=on,path=" + consoleFile(),
        "-serial",
        "chardev:console",
        "-drive",
        "file=" + disk() + ",format=raw,if=virtio,discard=unmap",
        "-netdev",
        "tap,id=net,ifname=" + tap + ",script=no,downscript=no");
  }

  private List<String> boot() {
    // Without bootindex SeaBIOS never tries the network.
    String card = "virtio-net-pci,netdev=net,mac=" + shape.mac() + ",bootindex=1";
    if (shape.firmware() == Firmware.BIOS) {
      return List.of("-device", card);
    }
    return List.of(
        "-drive",
        "if=pflash,format=raw,readonly=on,file=" + OVMF.resolve("OVMF_CODE_4M.fd"),
        "-drive",
        "if=pflash,format=raw,file=" + variables(),
        // No ROM on the card: OVMF's own PXE is what is tried here.
        "-device",
        card + ",romfile=");
  }

  /** What its console showed since it was last switched on. */
  public String console() throws IOException {
    if (!Files.exists(consoleFile())) {
      return "";
    }
    byte[] all = Files.readAllBytes(consoleFile());
    int from = (int) Math.min(consoleStart, all.length);
    return new String(all, from, all.length - from, StandardCharsets.UTF_8);
  }

  /** The fingerprint that its agent shows, if it does. */
  public Optional<String> fingerprint() throws IOException {
    Matcher matcher = FINGERPRINT.matcher(console());
    String last = null;
    while (matcher.find()) {
      last = matcher.group(1);
    }
    return Optional.ofNullable(last);
  }

  /** Fails with the end of the console if it went off by itself. */
  public void requireOn() throws IOException {
    if (!isOn()) {
      throw new IOException(
          "%s went off; see %s and %s"
              .formatted(shape.name(), folder.resolve("qemu.log"), consoleFile()));
    }
  }

  /** Generous: emulation on two shared cores. */
  public static final Duration BOOT_LIMIT = Duration.ofMinutes(6);
}
