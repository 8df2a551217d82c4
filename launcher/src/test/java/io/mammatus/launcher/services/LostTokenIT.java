package io.mammatus.launcher.services;

import static org.assertj.core.api.Assertions.assertThat;

import io.mammatus.launcher.Main;
import io.mammatus.platform.testing.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The whole cloud runs as an ordinary user with its embedded PostgreSQL; root of the machine
 * replaces the administrator's token, and the cloud goes on as that user.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // JUnit calls prepare() first
class LostTokenIT {

  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final Pattern TOKEN = Pattern.compile("mam_[A-Za-z0-9_-]+");

  private Ground ground;
  private Path config;
  private ServiceProcess cloud;
  private String token;

  @BeforeAll
  void prepare() throws Exception {
    Prerequisites.require("ip", "setpriv");
    ground = new Ground();
    config =
        ground.file(
            "cloud.yaml",
            "data: %s\n".formatted(ground.folder)
                + ground.controlPlaneAt(ground.server())
                + """
                boot: {interfaces: [br0], loaders: %1$s/loaders, images: %1$s/images, blobs: %1$s/blobs}
                metadata: {interfaces: [br0]}
                """
                    .formatted(ground.folder));
    cloud =
        ground.service(
            "cloud",
            "+net_bind_service,+net_raw,+net_admin",
            Main.class.getName(),
            List.of("up", "--config", config.toString()));
    cloud.startAndServe();
    token = tokenIn(cloud);
    cloud.end();
  }

  @BeforeEach
  void theLastTokenIsGood() throws Exception {
    cloud.startAndServe();
    assertThat(status(token)).isEqualTo(OK);
  }

  @AfterEach
  void end() throws InterruptedException {
    if (cloud.isAlive()) {
      cloud.end();
    }
  }

  @AfterAll
  void stop() throws IOException {
    if (ground != null) {
      ground.close();
    }
  }

  @Test
  void whileTheCloudRuns() throws Exception {
    String lost = replaceAsRoot();
    cloud.end();
    cloud.startAndServe();
    assertThat(status(lost)).isEqualTo(UNAUTHORIZED);
  }

  @Test
  void whileTheCloudIsStopped() throws Exception {
    cloud.end();
    String lost = replaceAsRoot();
    cloud.startAndServe();
    assertThat(status(lost)).isEqualTo(UNAUTHORIZED);
    everythingIsTheCloudsUsers();
  }

  @Test
  void whenTheCloudWasKilledAndItsServerLivesOn() throws Exception {
    cloud.kill();
    String lost = replaceAsRoot();
    cloud.startAndServe();
    assertThat(status(lost)).isEqualTo(UNAUTHORIZED);
  }

  /** A data folder of a version that let only the cloud's own user in. */
  @Test
  void afterAnUpdate() throws Exception {
    cloud.end();
    Files.writeString(postgres("data/pg_ident.conf"), "owner \"nobody\" mammatus\n");
    cloud.startAndServe();
    replaceAsRoot();
  }

  /** A backup has the data and no more: what root makes anew the cloud must be able to use. */
  @Test
  void rightAfterABackupWasRestored() throws Exception {
    cloud.end();
    Ground.run(
        "rm",
        "-r",
        postgres("owner.lock").toString(),
        postgres("run").toString(),
        postgres("log").toString(),
        postgres("binaries").toString());
    replaceAsRoot();
    everythingIsTheCloudsUsers();
  }

  /**
   * Puts a new token in the old one's place; gives the old one. That one a running cloud may
   * remember for half a minute more; one that starts anew refuses it.
   */
  private String replaceAsRoot() throws Exception {
    String lost = token;
    ServiceProcess root =
        ServiceProcess.ofProgram(
            "token", ground.folder, List.of(), List.of("token", "--config", config.toString()));
    assertThat(root.start().awaitEnd()).as(root.said()).isZero();
    token = tokenIn(root);
    if (cloud.isAlive()) {
      assertThat(status(token)).isEqualTo(OK);
    }
    return lost;
  }

  private static String tokenIn(ServiceProcess process) {
    Matcher found = TOKEN.matcher(process.said());
    assertThat(found.find()).as(process.said()).isTrue();
    return found.group();
  }

  private int status(String with) throws Exception {
    Path authority = ground.folder.resolve("identity/ca.pem");
    return new Api("https://" + ground.server() + ":8443", with, authority)
        .send("GET", "/v1/flavors", "")
        .statusCode();
  }

  private Path postgres(String name) {
    return ground.folder.resolve("postgres").resolve(name);
  }

  private void everythingIsTheCloudsUsers() throws IOException {
    for (String name : Set.of(".", "owner.lock", "data", "data/pg_ident.conf", "run", "log")) {
      assertThat(Files.getOwner(postgres(name)).getName()).as(name).isEqualTo("nobody");
    }
    assertThat(Files.getOwner(postgres("binaries")).getName()).isEqualTo("nobody");
  }
}
