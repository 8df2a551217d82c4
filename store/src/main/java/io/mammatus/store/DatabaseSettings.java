package io.mammatus.store;

import io.mammatus.platform.config.Default;
import io.mammatus.platform.config.HostPort;
import io.mammatus.platform.config.Matches;
import io.mammatus.platform.config.OneOf;
import io.mammatus.platform.config.Range;
import io.mammatus.platform.config.Secret;
import io.mammatus.store.embedded.EmbeddedPostgres;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Which PostgreSQL, as whom.
 *
 * @param address host and port of an external server
 * @param socket or the unix socket of one on this machine
 * @param password not needed where the server trusts the peer of a unix socket
 * @param tls whether the connection is encrypted and the server's certificate and name are verified
 * @param ca PEM file of the authority that signed the server's certificate; without it the JVM's
 * @param connections how many the pool holds at most
 */
@OneOf(
    value = {"address", "socket"},
    message = DatabaseSettings.EITHER)
public record DatabaseSettings(
    Optional<HostPort> address,
    @Matches(value = ".*/\\.s\\.PGSQL\\.[0-9]{1,5}", noun = "a path that ends with /.s.PGSQL.PORT")
        Optional<Path> socket,
    @Default("mammatus") String database,
    @Default("mammatus") String user,
    Optional<Secret> password,
    @Default("true") boolean tls,
    Optional<Path> ca,
    @Default("8") @Range(min = "1", max = "100") int connections) {

  static final String EITHER =
      "set address (host:port) for a server on the network, or socket (a path) for one on this machine";

  public DatabaseSettings {
    if (address.isPresent() == socket.isPresent()) {
      throw new IllegalArgumentException(EITHER);
    }
  }

  /** A database of the embedded server. */
  public static DatabaseSettings of(EmbeddedPostgres server, String database) {
    return new DatabaseSettings(
        Optional.empty(),
        Optional.of(server.socket()),
        database,
        server.role(),
        Optional.empty(),
        false,
        Optional.empty(),
        8);
  }

  DatabaseSettings inDatabase(String other) {
    return new DatabaseSettings(address, socket, other, user, password, tls, ca, connections);
  }

  PgConnectOptions connectOptions() {
    PgConnectOptions options =
        new PgConnectOptions()
            .setDatabase(database)
            .setUser(user)
            .setPassword(password.map(Secret::reveal).orElse(""))
            .setCachePreparedStatements(true)
            // The client logs a notice as a warning; "already exists, skipping" is none.
            .setProperties(
                Map.of(
                    "application_name", "mammatus",
                    "TimeZone", "UTC",
                    "client_min_messages", "warning"));
    socket.ifPresent(path -> toSocket(options, path));
    address.ifPresent(to -> toAddress(options, to));
    return options;
  }

  /** The client makes the path again from a folder and a port (.s.PGSQL.PORT). */
  private static void toSocket(PgConnectOptions options, Path socket) {
    String name = Objects.requireNonNull(socket.getFileName(), "a socket has a name").toString();
    options
        .setHost(Objects.requireNonNull(socket.getParent(), "a socket has a folder").toString())
        .setPort(Integer.parseInt(name.substring(name.lastIndexOf('.') + 1)));
  }

  private void toAddress(PgConnectOptions options, HostPort to) {
    options.setHost(to.host()).setPort(to.port());
    if (tls) {
      ClientSSLOptions verified =
          new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS").setTrustAll(false);
      ca.ifPresent(
          file -> verified.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
      options.setSslMode(SslMode.VERIFY_FULL).setSslOptions(verified);
    }
  }
}
