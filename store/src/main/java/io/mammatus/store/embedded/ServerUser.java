package io.mammatus.store.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who the server runs as. PostgreSQL refuses to run as root, so root hands its folders to an
 * unprivileged user and starts it by setpriv(1) with that user's ids and no way back.
 *
 * @param drop what to put before a command; empty when this process is not root
 */
record ServerUser(String name, List<String> drop) {

  private static final List<String> CANDIDATES = List.of("mammatus", "postgres", "nobody");
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static ServerUser choose(EmbeddedSettings settings) {
    if (id(List.of("-u")).filter("0"::equals).isEmpty()) {
      return new ServerUser(self(), List.of());
    }
    return wanted(settings).stream()
        .flatMap(name -> unprivileged(name).stream())
        .findFirst()
        .orElseThrow(() ->
            new EmbeddedException(
                "as root, PostgreSQL needs an unprivileged user to run as; there is none of "
                    + wanted(settings)));
  }

  /** The name of the user that this process runs as. */
  static String self() {
    return id(List.of("-un")).orElseThrow(() -> new EmbeddedException("id(1) failed"));
  }

  private static List<String> wanted(EmbeddedSettings settings) {
    if (settings.user().isPresent()) {
      return List.of(settings.user().get());
    }
    try {
      return Files.isDirectory(settings.data())
          ? List.of(Files.getOwner(settings.data()).getName())
          : CANDIDATES;
    } catch (IOException e) {
      throw new EmbeddedException("cannot read the owner of " + settings.data(), e);
    }
  }

  private static Optional<ServerUser> unprivileged(String name) {
    return id(List.of("-u", name))
        .filter(uid -> !uid.equals("0"))
        .flatMap(uid ->
            id(List.of("-g", name))
                .map(gid ->
                    new ServerUser(
                        name,
                        List.of(
                            "setpriv",
                            "--reuid=" + uid,
                            "--regid=" + gid,
                            "--clear-groups",
                            "--no-new-privs",
                            "--"))));
  }

  private static Optional<String> id(List<String> arguments) {
    List<String> command = new ArrayList<>(List.of("id"));
    command.addAll(arguments);
    Processes.Result result = Processes.run(command, Path.of("/"), LIMIT);
    return result.failed() ? Optional.empty() : Optional.of(result.output());
  }

  /** Whether this process is root and the server's user is somebody else. */
  boolean isDropped() {
    return !drop.isEmpty();
  }

  List<String> command(Path program, String... arguments) {
    List<String> command = new ArrayList<>(drop);
    command.add(program.toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Makes a folder that only the server's user (and root) can enter. */
  void privateFolder(Path folder) throws IOException {
    ServerFiles.refuseForeignLink(folder);
    Files.createDirectories(folder);
    if (isDropped()) {
      UserPrincipal owner =
          folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(name);
      Files.setOwner(folder, owner);
    }
    Files.setPosixFilePermissions(
        folder, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
  }

  /** Says so early when the server's user could not reach a folder that root can. */
  void requireReach(Path folder) {
    Processes.Result result =
        isDropped()
            ? Processes.run(command(Path.of("test"), "-x", folder.toString()), Path.of("/"), LIMIT)
            : new Processes.Result(0, "");
    if (result.failed()) {
      throw new EmbeddedException(
          "the user %s, which runs PostgreSQL, cannot reach %s: choose a data folder whose parents others may enter, such as one in /var/lib, or start as an ordinary user. %s"
              .formatted(name, folder, result.output()));
    }
  }
}
