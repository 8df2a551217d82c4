package io.mammatus.pxe.grub;

import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.protocols.boot.GrubConfig;
import io.mammatus.pxe.httpboot.NodeBootSettings;
import io.mammatus.pxe.httpboot.NodeImage;
import io.mammatus.pxe.httpboot.NodeImages;
import io.mammatus.pxe.httpboot.ScriptDecider;
import io.mammatus.pxe.tftp.BootFile;
import io.mammatus.pxe.tftp.BootFiles;
import io.mammatus.pxe.tftp.FileRequest;
import io.mammatus.pxe.tftp.FolderBootFiles;
import io.mammatus.pxe.view.BootViews;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;

/**
 * The files of the TFTP servers: GRUB's configurations, made when they are asked for, the node
 * images' files, and else the folder of loaders.
 */
public final class GrubBootFiles implements BootFiles {

  private final Vertx vertx;
  private final BootViews views;
  private final Server server;
  private final BootFiles loaders;

  /**
   * What does not depend on who asks.
   *
   * @param httpPort where a machine that was booted fetches its root
   */
  public record Server(
      Path loaders, NodeImages images, NodeBootSettings control, int httpPort, Clock clock) {}

  public GrubBootFiles(Vertx vertx, BootViews views, Server server) {
    this.vertx = vertx;
    this.views = views;
    this.server = server;
    this.loaders = new FolderBootFiles(vertx, server.loaders);
  }

  @Override
  public Future<Optional<BootFile>> open(FileRequest request) {
    return switch (GrubRequest.of(request.name())) {
      case GrubRequest.First _ -> rendered(GrubConfig.first("/" + GrubRequest.MACHINES));
      case GrubRequest.Machine(Mac mac) -> machine(mac, request.server());
      case GrubRequest.Image(String version, String file) -> image(version, request.named(file));
      case GrubRequest.File(String file) -> loaders.open(request.named(file));
    };
  }

  private Future<Optional<BootFile>> machine(Mac mac, Ipv4 from) {
    ScriptDecider.Asked asked =
        new ScriptDecider.Asked(mac, from, server.httpPort, server.clock.instant());
    return rendered(
        GrubConfig.render(
            ScriptDecider.decide(
                asked, views.current().hostByMac(mac), server.images.current(), server.control)));
  }

  private Future<Optional<BootFile>> image(String version, FileRequest file) {
    Optional<NodeImage> image =
        server.images.byVersion(version).filter(i -> i.file(file.name()).isPresent());
    return image.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : new FolderBootFiles(vertx, image.get().folder()).open(file);
  }

  private static Future<Optional<BootFile>> rendered(String text) {
    return Future.succeededFuture(Optional.of(BootFile.rendered(text)));
  }
}
