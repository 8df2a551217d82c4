package io.mammatus.launcher.doctor;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.resource.NetworkSpec;
import io.mammatus.pxe.BootConfig;
import io.mammatus.pxe.dhcp.BootSettings;
import io.mammatus.pxe.httpboot.NodeImage;
import io.mammatus.pxe.httpboot.NodeImageManifest;
import io.mammatus.pxe.neighbour.NeighbourLimits;
import io.mammatus.pxe.neighbour.NeighbourTable;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says what is wrong with a boot server on this machine: what its configuration names is looked at,
 * and what it serves is fetched from it and compared. Nothing is changed. Blocking.
 */
public final class Doctor {

  private static final int TFTP_PORT = 69;

  private final BootConfig config;
  private final List<NetworkSpec> networks;
  private final NeighbourTable neighbours;
  private final List<Finding> findings = new ArrayList<>();

  /**
   * @param networks those that are known without the database
   */
  public Doctor(BootConfig config, List<NetworkSpec> networks, NeighbourTable neighbours) {
    this.config = config;
    this.networks = List.copyOf(networks);
    this.neighbours = neighbours;
  }

  /** Looks at everything, whatever is wrong with one of it. */
  public List<Finding> examine() {
    Map<String, Ipv4> addresses = new LinkedHashMap<>();
    for (String name : config.interfaces()) {
      address(name).ifPresent(address -> addresses.put(name, address));
    }
    findings.add(neighbours());
    Map<String, byte[]> loaders = loaders();
    List<NodeImage> images = images();
    addresses.forEach((name, address) -> {
      loaders.forEach((file, content) -> tftp(name, address, file, content));
      http(address, loaders, images);
    });
    config
        .https()
        .ifPresent(
            https -> findings.addAll(TlsCheck.examine(https, addresses.values(), Instant.now())));
    return List.copyOf(findings);
  }

  private Optional<Ipv4> address(String name) {
    String what = "interface " + name;
    try {
      NetworkInterface found = NetworkInterface.getByName(name);
      if (found == null) {
        findings.add(Finding.wrong(what, "is not there; those that are: " + interfaces()));
        return Optional.empty();
      }
      Optional<Ipv4> address =
          Collections.list(found.getInetAddresses()).stream()
              .filter(Inet4Address.class::isInstance)
              .filter(one -> !one.isLinkLocalAddress()) // the metadata service's
              .map(InetAddress::getAddress)
              .map(octets -> Ipv4.of(octets, 0))
              .findFirst();
      if (!found.isUp()) {
        findings.add(Finding.wrong(what, "is down: ip link set " + name + " up"));
      } else if (address.isEmpty()) {
        findings.add(
            Finding.wrong(what, "has no IPv4 address: give it the network's server address"));
      } else {
        findings.add(Finding.ok(what, "up, " + address.get() + ", MTU " + found.getMTU()));
      }
      return address;
    } catch (SocketException e) {
      findings.add(Finding.wrong(what, "cannot be looked at: " + e.getMessage()));
      return Optional.empty();
    }
  }

  private static String interfaces() throws SocketException {
    return String.join(
        ", ",
        NetworkInterface.networkInterfaces().map(NetworkInterface::getName).sorted().toList());
  }

  /** Only told: the boot server itself makes room at its start, where it may. */
  private Finding neighbours() {
    String what = "neighbour table";
    long hosts = NeighbourLimits.hosts(networks, config.interfaces());
    NeighbourLimits needed = NeighbourLimits.fitFor(hosts);
    try {
      Optional<NeighbourLimits> limits = neighbours.limits();
      if (limits.isEmpty()) {
        return Finding.note(
            what, "its limits are seen in the machine's first network namespace only");
      }
      NeighbourLimits raised = limits.get().atLeast(needed);
      return raised.equals(limits.get())
          ? Finding.ok(what, "gc_thresh1, 2 and 3 are " + limits.get())
          : Finding.note(
              what,
              "gc_thresh1, 2 and 3 are %s, too low for the %d hosts of the networks: a boot server that has started could not raise them; as root: %s"
                  .formatted(limits.get(), hosts, raised.command()));
    } catch (IOException e) {
      return Finding.note(what, "its limits cannot be read: " + e.getMessage());
    }
  }

  private Map<String, byte[]> loaders() {
    Map<String, byte[]> found = new LinkedHashMap<>();
    BootSettings settings = BootSettings.onPort(config.httpPort());
    for (String name : List.of(settings.biosLoader(), settings.efiLoader())) {
      Path file = config.loaders().resolve(name);
      try {
        byte[] content = Files.readAllBytes(file);
        found.put(name, content);
        findings.add(Finding.ok("loader " + name, content.length + " bytes"));
      } catch (IOException e) {
        findings.add(
            Finding.wrong(
                "loader " + name,
                "%s cannot be read: boot.loaders is wrong, or build it with `mammatus build-images`"
                    .formatted(file)));
      }
    }
    return found;
  }

  /** Lengths only: the server itself checks the content, and says in its log what is wrong. */
  private List<NodeImage> images() {
    List<NodeImage> found = new ArrayList<>();
    Path folder = config.images().resolve("node");
    try (Stream<Path> versions = Files.list(folder)) {
      for (Path version : versions.sorted().toList()) {
        if (Files.isRegularFile(version.resolve(NodeImageManifest.FILE))) {
          image(version).ifPresent(found::add);
        }
      }
    } catch (IOException e) {
      findings.add(Finding.wrong("node image", folder + " cannot be read: boot.images is wrong"));
      return found;
    }
    Optional<String> pinned = config.nodeImageVersion();
    if (found.isEmpty()) {
      findings.add(
          Finding.wrong("node image", "there is none in " + folder + ": `mammatus build-images`"));
    } else if (pinned.isPresent()
        && found.stream().noneMatch(image -> image.version().equals(pinned.get()))) {
      findings.add(
          Finding.wrong("node image", "boot.nodeImageVersion is " + pinned.get() + ", not there"));
    }
    return found;
  }

  private Optional<NodeImage> image(Path folder) {
    String what = "node image " + folder.getFileName();
    try {
      NodeImage image = NodeImageManifest.read(folder);
      findings.add(Finding.ok(what, image.files().size() + " files"));
      return Optional.of(image);
    } catch (IOException e) {
      findings.add(Finding.wrong(what, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private void tftp(String name, Ipv4 address, String file, byte[] content) {
    String what = "TFTP on " + name + ", " + file;
    try {
      boolean same = Arrays.equals(Fetches.tftp(address, file), content);
      findings.add(
          same
              ? Finding.ok(what, "fetched from " + address)
              : Finding.wrong(what, "another file came: who answers at " + address + "?"));
    } catch (IOException e) {
      findings.add(
          Finding.wrong(
              what, e.getMessage() + "; " + owner("UDP", TFTP_PORT, PortOwner.ofUdp(TFTP_PORT))));
    }
  }

  private void http(Ipv4 address, Map<String, byte[]> loaders, List<NodeImage> images) {
    String at = "HTTP at " + address + ":" + config.httpPort();
    try {
      Fetches.Answer script = get("GET", address, "/v1/boot/00-00-00-00-00-00");
      boolean ours = new String(script.content(), StandardCharsets.UTF_8).startsWith("#!ipxe");
      if (script.status() != 200 || !ours) {
        findings.add(Finding.wrong(at, "answers, but not with a boot script: " + ownerOfHttp()));
        return;
      }
      findings.add(Finding.ok(at, "gives boot scripts"));
      for (Map.Entry<String, byte[]> loader : loaders.entrySet()) {
        Fetches.Answer answer = get("GET", address, "/v1/loaders/" + loader.getKey());
        boolean same = Arrays.equals(answer.content(), loader.getValue());
        findings.add(file(at + ", " + loader.getKey(), answer.status(), same));
      }
      for (NodeImage image : images) {
        for (Map.Entry<String, NodeImage.ImageFile> file : image.files().entrySet()) {
          Fetches.Answer answer = get("HEAD", address, image.path(file.getKey()));
          boolean same = answer.length() == file.getValue().bytes();
          findings.add(file(at + ", " + image.path(file.getKey()), answer.status(), same));
        }
      }
    } catch (IOException e) {
      findings.add(Finding.wrong(at, "no answer; " + ownerOfHttp()));
    }
  }

  private Fetches.Answer get(String method, Ipv4 address, String path) throws IOException {
    return Fetches.http(method, address, config.httpPort(), path);
  }

  private static Finding file(String what, int status, boolean same) {
    if (status != 200) {
      return Finding.wrong(what, "status " + status + ": the server's log says why");
    }
    return same ? Finding.ok(what, "is served") : Finding.wrong(what, "another file came");
  }

  private String ownerOfHttp() {
    return owner("TCP", config.httpPort(), PortOwner.ofTcp(config.httpPort()));
  }

  private static String owner(String protocol, int port, Optional<String> owner) {
    return owner
        .map(program -> "%s port %d belongs to %s".formatted(protocol, port, program))
        .orElse("nobody has %s port %d: the boot server does not run".formatted(protocol, port));
  }
}
