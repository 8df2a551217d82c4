package io.mammatus.cli;

import io.mammatus.cli.client.ApiClient;
import io.mammatus.cli.client.CloudTls;
import io.mammatus.cli.client.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Keeps which cloud to talk to, what to believe, and the token. The token never stands on a command
 * line.
 */
@Command(name = "login", description = "Keep which cloud to talk to, and the token.")
final class LoginCommand implements Callable<Integer> {

  private static final int PORT = 8443;
  private static final int MAX_PORT = 65535;

  private final Session session;

  @Parameters(paramLabel = "ADDRESS", description = "HOST, HOST:PORT or https://HOST:PORT.")
  private @Nullable String address;

  @Option(
      names = "--token-file",
      required = true,
      paramLabel = "FILE",
      description = "Where the token stands; - for the standard input.")
  private @Nullable String tokenFile;

  @Option(names = "--ca", paramLabel = "FILE", description = "The cloud's authority, as PEM.")
  private @Nullable Path ca;

  @Option(
      names = "--ca-fingerprint",
      paramLabel = "sha256:HEX",
      description = "The fingerprint that the authority must have.")
  private @Nullable String fingerprint;

  @Option(names = "--yes", description = "Believe the authority that the server shows.")
  private boolean yes;

  LoginCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    URI at = address(Objects.requireNonNull(address));
    if (ca != null && fingerprint != null) {
      throw new CommandFailed(
          ExitCode.USAGE, "give --ca or --ca-fingerprint: either says whom to believe");
    }
    String authority = ca == null ? shown(at) : Files.readString(ca);
    Endpoint endpoint = new Endpoint(at, authority, token());
    try (ApiClient client = new ApiClient(endpoint)) {
      client.get("/v1/networks?limit=1"); // the token is good, and the name in the certificate
    }
    Path file = LoginFile.write(session.environment(), endpoint);
    session.say("logged in to " + at + " (kept in " + file + ")");
    return ExitCode.OK;
  }

  private static URI address(String text) {
    URI at;
    try {
      at = new URI(text.contains("://") ? text : "https://" + text);
    } catch (URISyntaxException e) {
      throw noAddress(text);
    }
    if (!"https".equals(at.getScheme()) || at.getHost() == null || at.getPort() > MAX_PORT) {
      throw noAddress(text);
    }
    int port = at.getPort() < 0 ? PORT : at.getPort();
    return URI.create("https://" + at.getHost() + ":" + port);
  }

  private static CommandFailed noAddress(String text) {
    return new CommandFailed(
        ExitCode.USAGE, text + " is no address: write HOST, HOST:PORT or https://HOST:PORT");
  }

  private String shown(URI at) throws IOException {
    X509Certificate authority;
    try {
      authority = CloudTls.shownBy(at);
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.UNAVAILABLE,
          at + " cannot be reached: " + e.getMessage() + "; is the control plane running?");
    }
    String shown = CloudTls.fingerprint(authority);
    if (fingerprint != null && !fingerprint.equals(shown)) {
      throw new CommandFailed(
          ExitCode.FAILED, "this is not the cloud: its authority has the fingerprint " + shown);
    }
    if (fingerprint == null && !yes) {
      throw new CommandFailed(
          ExitCode.FAILED,
          """
          the cloud's authority is not known yet; it has the fingerprint
            %s
          Compare it with what the control plane says, then repeat with
            --ca-fingerprint %s\
          """
              .formatted(shown, shown));
    }
    return CloudTls.pem(authority);
  }

  private String token() throws IOException {
    String from = Objects.requireNonNull(tokenFile);
    String token =
        from.equals("-")
            ? new String(session.in().readAllBytes(), StandardCharsets.UTF_8).strip()
            : Files.readString(Path.of(from)).strip();
    if (!token.matches("[A-Za-z0-9_-]{22,256}")) {
      throw new CommandFailed(
          ExitCode.USAGE, "there is no token: it is one line that begins with mam_");
    }
    return token;
  }
}
