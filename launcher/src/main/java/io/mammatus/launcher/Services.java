package io.mammatus.launcher;

import io.mammatus.control.ControlPlane;
import io.mammatus.control.ControlPlaneConfig;
import io.mammatus.launcher.Foundation.Parts;
import io.mammatus.metadata.MetadataConfig;
import io.mammatus.metadata.MetadataService;
import io.mammatus.pxe.BootConfig;
import io.mammatus.pxe.BootService;
import io.vertx.core.Future;
import java.time.Clock;

/** Each service, started on what all stand on. */
final class Services {

  private static final Clock CLOCK = Clock.systemUTC();

  private Services() {}

  static Future<Void> controlPlane(Parts parts, ControlPlaneConfig config) {
    return new ControlPlane(
            parts.vertx(),
            config,
            parts.database(),
            parts.view(),
            parts.trace(),
            parts.metrics(),
            CLOCK)
        .start();
  }

  static Future<Void> boot(Parts parts, BootConfig config) {
    return new BootService(
            parts.vertx(),
            config,
            parts.database(),
            parts.view(),
            parts.trace(),
            parts.metrics().registry(),
            CLOCK)
        .start();
  }

  static Future<Void> metadata(Parts parts, MetadataConfig config) {
    return parts
        .vertx()
        .deployVerticle(
            new MetadataService(
                config,
                parts.view()::cloud,
                parts.trace()::write,
                CLOCK,
                parts.metrics().registry()))
        .mapEmpty();
  }
}
