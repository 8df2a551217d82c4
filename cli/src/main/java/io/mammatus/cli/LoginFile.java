package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.mammatus.cli.client.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Which cloud, its authority and the token: {@code $MAMMATUS_CONFIG}, else {@code
 * mammatus/cloud.yaml} in {@code $XDG_CONFIG_HOME} (XDG Base Directory), else in {@code ~/.config}.
 * Its owner alone may read it.
 */
public final class LoginFile {

  private LoginFile() {}

  static Path path(Map<String, String> environment) {
    String given = environment.get("MAMMATUS_CONFIG");
    if (given != null && !given.isEmpty()) {
      return Path.of(given);
    }
    String base = environment.get("XDG_CONFIG_HOME");
    Path folder =
        base != null && base.startsWith("/")
            ? Path.of(base)
            : Path.of(environment.getOrDefault("HOME", System.getProperty("user.home")), ".config");
    return folder.resolve("mammatus").resolve("cloud.yaml");
  }

  /**
   * The cloud that was logged in to.
   *
   * @param environment of which {@code MAMMATUS_CONFIG}, {@code XDG_CONFIG_HOME} and {@code HOME}
   *     are read
   * @throws CommandFailed if nobody logged in, or the file cannot be read
   */
  public static Endpoint read(Map<String, String> environment) {
    Path file = path(environment);
    if (!Files.exists(file)) {
      throw new CommandFailed(
          ExitCode.FAILED,
          "not logged in: mammatus login ADDRESS --token-file FILE (looked in " + file + ")");
    }
    try {
      JsonNode login = Formats.yaml().readTree(Files.readString(file));
      return new Endpoint(
          URI.create(login.path("address").asText()),
          login.path("ca").asText(),
          login.path("token").asText());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(
          ExitCode.FAILED, file + " cannot be read: log in again (" + e.getMessage() + ")");
    }
  }

  /** Written beside and moved, so that it is whole and private from its first byte. */
  static Path write(Map<String, String> environment, Endpoint endpoint) throws IOException {
    Path file = path(environment).toAbsolutePath();
    Path folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    ObjectNode login =
        JsonNodeFactory.instance
            .objectNode()
            .put("address", endpoint.address().toString())
            .put("ca", endpoint.caPem())
            .put("token", endpoint.token());
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    Files.createFile(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(fresh, Formats.yaml().writeValueAsString(login));
    return Files.move(
        fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
