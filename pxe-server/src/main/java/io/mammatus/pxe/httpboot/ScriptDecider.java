package io.mammatus.pxe.httpboot;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.BootScript;
import io.mammatus.protocols.boot.BootUrl;
import io.mammatus.protocols.boot.KernelArguments;
import io.mammatus.pxe.view.Host;
import java.time.Instant;
import java.util.Optional;

/** Which script a machine gets: a pure function. */
public final class ScriptDecider {

  private ScriptDecider() {}

  /**
   * Who asks, and when.
   *
   * @param server the address that was asked, which everything is fetched from
   * @param port the port that was asked
   */
  public record Asked(Mac mac, Ipv4 server, int port, Instant now) {}

  public static BootScript decide(
      Asked asked, Optional<Host> host, Optional<NodeImage> image, NodeBootSettings control) {
    BootScript.Retry retry = retry(asked);
    if (host.isEmpty() || host.get().kind() != Host.Kind.MACHINE) {
      return new BootScript.RetryWait("this machine is not known yet", retry);
    }
    if (!host.get().bootable()) {
      return new BootScript.LocalDisk();
    }
    if (image.isEmpty()) {
      return new BootScript.RetryWait("there is no node image yet", retry);
    }
    return new BootScript.NodeBoot(
        url(asked, image.get().path(NodeImage.KERNEL)),
        url(asked, image.get().path(NodeImage.INITRD)),
        arguments(asked, image.get(), control),
        retry);
  }

  /**
   * BOOTIF names the card that booted, so that the initramfs uses that one (01 is Ethernet, as
   * pxelinux writes it). The time is for machines whose clock was never set: certificates need it
   * to be about right.
   */
  private static KernelArguments arguments(Asked asked, NodeImage image, NodeBootSettings control) {
    Ipv4 address = control.address().orElse(asked.server);
    KernelArguments needed =
        image
            .kernelArguments()
            .with("fetch", url(asked, image.path(NodeImage.ROOT)).toString())
            .with("BOOTIF", "01-" + asked.mac.hyphenated())
            .with("mammatus.control", address + ":" + control.port())
            .with("mammatus.ca", "sha256:" + control.caFingerprint())
            .with("mammatus.time", String.valueOf(asked.now.getEpochSecond()));
    // Everything before this came over plain HTTP: the root file system is checked before it runs.
    KernelArguments verified =
        image
            .file(NodeImage.ROOT)
            .map(root -> needed.with("mammatus.sha256", root.sha256()))
            .orElse(needed);
    return verified.plus(control.further());
  }

  /** Five to fourteen seconds, by the MAC: a rack that waits does not ask in one breath. */
  private static BootScript.Retry retry(Asked asked) {
    int seconds = 5 + Math.floorMod(Long.hashCode(asked.mac.bits()), 10);
    return new BootScript.Retry(seconds, url(asked, "/v1/boot/" + asked.mac.hyphenated()));
  }

  private static BootUrl url(Asked asked, String path) {
    return new BootUrl(asked.server, asked.port, path);
  }
}
