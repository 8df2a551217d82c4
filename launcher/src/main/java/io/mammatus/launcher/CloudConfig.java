package io.mammatus.launcher;

import io.mammatus.control.ControlPlaneConfig;
import io.mammatus.metadata.MetadataConfig;
import io.mammatus.platform.config.Faults;
import io.mammatus.platform.config.OneOf;
import io.mammatus.pxe.BootConfig;
import io.mammatus.store.DatabaseSettings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file that {@code mammatus up} reads.
 *
 * @param data the folder of the embedded PostgreSQL
 * @param database an external PostgreSQL instead
 */
@OneOf(
    value = {"data", "database"},
    message = "set data (a folder) for the embedded PostgreSQL, or database for one that you run")
public record CloudConfig(
    Optional<Path> data,
    Optional<DatabaseSettings> database,
    ControlPlaneConfig controlPlane,
    BootConfig boot,
    MetadataConfig metadata) {

  public CloudConfig {
    new Faults()
        .require(
            controlPlane.bootPort() == boot.httpPort(),
            "",
            differ(
                "controlPlane.bootPort and boot.httpPort",
                controlPlane.bootPort(),
                boot.httpPort()))
        .require(
            controlPlane.blobs().equals(boot.blobs()),
            "",
            differ("controlPlane.blobs and boot.blobs", controlPlane.blobs(), boot.blobs()))
        .raise();
  }

  /** What two services must agree on. */
  private static String differ(String what, Object ours, Object theirs) {
    return "%s differ (%s and %s): nodes fetch there what the control plane keeps"
        .formatted(what, ours, theirs);
  }

  /** The file of {@code mammatus run control-plane}. */
  public record ControlPlaneFile(DatabaseSettings database, ControlPlaneConfig controlPlane) {}

  /** The file of {@code mammatus run pxe-server}. */
  public record BootFile(DatabaseSettings database, BootConfig boot) {}

  /** The file of {@code mammatus run metadata-service}. */
  public record MetadataFile(DatabaseSettings database, MetadataConfig metadata) {}
}
