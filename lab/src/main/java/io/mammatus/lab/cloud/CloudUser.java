package io.mammatus.lab.cloud;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.mammatus.cli.CommandFailed;
import io.mammatus.cli.LoginFile;
import io.mammatus.cli.client.ApiClient;
import io.mammatus.cli.client.ApiException;
import io.mammatus.cli.client.UnreachableException;
import io.mammatus.lab.Layout;
import io.mammatus.lab.Shell;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody with the command line: every order is the real CLI, as a process of its own. Only what
 * is asked again and again until it is so is asked in this process: a JVM for each look would take
 * the cores from the machines that are being watched.
 */
public final class CloudUser {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LIMIT_SECONDS = 600;

  private final Path folder;
  private @Nullable ApiClient api;

  /**
   * @param folder keeps the login and the SSH key
   */
  public CloudUser(Path folder) {
    this.folder = folder;
  }

  /** The file with the cloud's address, its CA and the token. */
  public Path login() {
    return folder.resolve("login.yaml");
  }

  public Path key() {
    return folder.resolve("id_ed25519");
  }

  /** Makes the user's SSH key, if there is none. */
  public void makeKey() throws IOException {
    Files.createDirectories(folder);
    if (!Files.exists(key())) {
      Shell.run(
          "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "demo", "-f", key().toString());
    }
  }

  /**
   * The public key as nodes take it on their kernel command line, for those who let an operator in.
   */
  public String kernelArgument() throws IOException {
    String[] words = Files.readString(folder.resolve("id_ed25519.pub")).split(" ");
    return "mammatus.sshkey=" + words[0] + ":" + words[1];
  }

  /** Makes an SSH key and logs in. */
  public void logIn(String address, String token) throws IOException {
    makeKey();
    Path file = folder.resolve("token");
    Files.writeString(file, token + "\n");
    run("login", address, "--token-file", file.toString(), "--yes");
    api = null;
  }

  /**
   * Runs a command of the CLI.
   *
   * @throws IOException with what it said if it fails
   */
  public String run(String... words) throws IOException {
    Shell.Result result = attempt(words);
    if (!result.ok()) {
      throw new IOException("mammatus " + String.join(" ", words) + ": " + result.output().strip());
    }
    return result.output();
  }

  /** Runs a command of the CLI, whatever its end. */
  public Shell.Result attempt(String... words) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Layout.java(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx128m",
                "-cp",
                Layout.libraries() + "/*",
                "io.mammatus.cli.Main"));
    command.addAll(Arrays.asList(words));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("MAMMATUS_CONFIG", login().toString());
    builder.redirectInput(new java.io.File("/dev/null"));
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      return new Shell.Result(process.waitFor(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new IOException("interrupted", e);
    }
  }

  /** Runs something on another machine; what a terminal would show. */
  public Shell.Result ssh(String user, String address, String command, long limitSeconds)
      throws IOException {
    return Shell.attempt(
        limitSeconds,
        "ssh",
        "-i",
        key().toString(),
        "-o",
        "StrictHostKeyChecking=no",
        "-o",
        "UserKnownHostsFile=/dev/null",
        "-o",
        "LogLevel=ERROR",
        "-o",
        "ConnectTimeout=3",
        "-o",
        "BatchMode=yes",
        user + "@" + address,
        command);
  }

  /** Imports the guest image that was built; its name. */
  public String importGuest() throws IOException {
    Path folder = Layout.images().resolve("guest/debian-12");
    run("image", "import", folder.toString());
    return JSON.readTree(folder.resolve("manifest.json").toFile()).path("name").asText();
  }

  /** What a command says in JSON. */
  public JsonNode ask(String... words) throws IOException {
    List<String> all = new ArrayList<>(Arrays.asList(words));
    all.addAll(List.of("-o", "json"));
    return JSON.readTree(run(all.toArray(String[]::new)));
  }

  /** A question or an order to the API in this process. */
  public interface Call<T> {
    T on(ApiClient api);
  }

  /**
   * Asks the API in this process.
   *
   * @throws IOException with what it said if it refuses, or is not there
   */
  public <T> T call(Call<T> call) throws IOException {
    try {
      ApiClient open = api;
      if (open == null) {
        open = new ApiClient(LoginFile.read(Map.of("MAMMATUS_CONFIG", login().toString())));
        api = open;
      }
      return call.on(open);
    } catch (ApiException | UnreachableException | CommandFailed e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The resources of a kind, such as {@code machines}. */
  public List<JsonNode> list(String plural) throws IOException {
    return call(cloud -> cloud.list(plural, Map.of()));
  }

  /** The machine that has this network card. */
  public Optional<JsonNode> machine(String mac) throws IOException {
    return list("machines").stream()
        .filter(machine -> machine.path("status").path("macs").toString().contains(mac))
        .findFirst();
  }
}
