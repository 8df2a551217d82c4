package io.mammatus.cli;

import static io.mammatus.store.testing.TestDatabase.await;

import io.mammatus.control.api.AdminToken;
import io.mammatus.control.api.ApiServer;
import io.mammatus.control.identity.CertificateAuthority;
import io.mammatus.control.identity.ServerTls;
import io.mammatus.control.write.CloudWriter;
import io.mammatus.core.resource.Kind;
import io.mammatus.core.resource.Metadata;
import io.mammatus.core.resource.NetworkId;
import io.mammatus.platform.health.HealthChecks;
import io.mammatus.platform.metrics.Metrics;
import io.mammatus.store.Database;
import io.mammatus.store.log.EventLog;
import io.mammatus.store.testing.TestDatabase;
import io.mammatus.store.view.CloudView;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** A real API to give commands to. */
final class Cloud implements AutoCloseable {

  private final TestDatabase database;
  private final CloudView view;
  private final CloudWriter writer;
  private final CertificateAuthority ca;
  private final String address;
  private final Path folder;

  /** What a command left behind. */
  record Result(int code, String out, String err) {}

  Cloud(Class<?> test, Path folder) throws IOException {
    this.folder = folder;
    database = TestDatabase.fresh(test);
    EventLog log = new EventLog(database.database());
    view = await(CloudView.open(database.database(), log));
    writer = new CloudWriter(view, log, Clock.systemUTC());
    writer.lead(await(log.raiseFence()));
    ca = CertificateAuthority.open(folder.resolve("ca"), Clock.systemUTC());
    ApiServer server =
        new ApiServer(
            new ApiServer.Settings("127.0.0.1", 0, folder.resolve("blobs"), false),
            new ApiServer.Parts(
                database.vertx(),
                database.database(),
                view,
                writer,
                new HealthChecks(),
                new Metrics()::scrape,
                Clock.systemUTC()));
    int port = await(server.start(ServerTls.keyCert(ca, List.of("127.0.0.1")))).actualPort();
    address = "127.0.0.1:" + port;
    Files.writeString(
        folder.resolve("token"),
        await(AdminToken.replace(database.database(), Clock.systemUTC())) + "\n");
  }

  String address() {
    return address;
  }

  String fingerprint() {
    return ca.fingerprint();
  }

  CloudWriter writer() {
    return writer;
  }

  Database database() {
    return database.database();
  }

  NetworkId network(String name) {
    return new NetworkId(
        view.cloud().find(Kind.NETWORK, Metadata.DEFAULT_WORKSPACE, name).orElseThrow().id());
  }

  CloudView view() {
    return view;
  }

  Path folder() {
    return folder;
  }

  /** Runs a command in this process as a person would in a shell. */
  Result run(String... arguments) {
    return runWith("", arguments);
  }

  Result runWith(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            Map.of("MAMMATUS_CONFIG", folder.resolve("login").resolve("cloud.yaml").toString()),
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            arguments);
    return new Result(code, out.toString(), err.toString());
  }

  void login() {
    Result result =
        run(
            "login",
            address,
            "--token-file",
            folder.resolve("token").toString(),
            "--ca-fingerprint",
            ca.fingerprint());
    if (result.code() != 0) {
      throw new AssertionError(result.err());
    }
  }

  @Override
  public void close() {
    await(view.close());
    database.close();
  }
}
