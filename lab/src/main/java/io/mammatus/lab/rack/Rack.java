package io.mammatus.lab.rack;

import io.mammatus.lab.Layout;
import io.mammatus.lab.cloud.LabCloud;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A rack: a network, a cloud and its machines. One name, one namespace, one folder; {@link
 * #destroy()} leaves nothing of it.
 */
public final class Rack {

  private final String name;
  private final LabNetwork network;
  private final LabCloud cloud;
  private final List<VirtualMachine> machines = new ArrayList<>();

  /**
   * @param number tells racks on one machine apart, 0 to 63
   * @param kernelArguments what its machines get beside what they need
   */
  public Rack(String name, int number, List<String> kernelArguments) {
    this.name = name;
    this.network = new LabNetwork(name, number);
    this.cloud = new LabCloud(network, folder().resolve("cloud"), kernelArguments);
  }

  public Path folder() {
    return Layout.rack(name);
  }

  public LabNetwork network() {
    return network;
  }

  public LabCloud cloud() {
    return cloud;
  }

  public List<VirtualMachine> machines() {
    return List.copyOf(machines);
  }

  /** Makes the network and the folder, after removing what an earlier run left. */
  public void create() throws IOException {
    destroy();
    Files.createDirectories(folder());
    network.create();
  }

  /** Puts a machine into the rack, switched off. */
  public VirtualMachine add(VirtualMachine.Shape shape) throws IOException {
    VirtualMachine machine =
        new VirtualMachine(
            shape, network, folder().resolve("machines").resolve(shape.name()), machines.size());
    machines.add(machine);
    return machine;
  }

  /** The shape of the machine at this place of an ordinary rack: BIOS and UEFI in turn. */
  public static VirtualMachine.Shape ordinary(int place) {
    return new VirtualMachine.Shape(
        "server-" + (place + 1),
        place % 2 == 0 ? Firmware.BIOS : Firmware.UEFI,
        "52:54:00:88:00:%02x".formatted(place + 1),
        2048,
        8,
        List.of());
  }

  /** Ends all that runs, in good order, and keeps the files. */
  public void stop() throws IOException {
    for (VirtualMachine machine : machines) {
      machine.powerOff();
    }
    cloud.stop();
    network.destroy();
  }

  /** Ends and removes everything, also what another process made under this name. */
  public void destroy() throws IOException {
    stop();
    remove(folder());
  }

  /** Removes a folder and all that is in it, if it is there. */
  public static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
