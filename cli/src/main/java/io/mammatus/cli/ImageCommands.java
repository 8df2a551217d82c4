package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** image: what instances start from. */
final class ImageCommands {

  private ImageCommands() {}

  static CommandLine create(Session session) {
    return KindCommands.addTo(
            Group.of("image", "Images that instances start from."), session, KindWord.IMAGE)
        .addSubcommand(new Import(session));
  }

  /** Uploads an image. */
  @Command(
      name = "import",
      description = "Upload a folder with manifest.json and the files that it names.")
  static final class Import implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FOLDER")
    private @Nullable Path folder;

    @Option(names = "--name", paramLabel = "NAME", description = "The manifest's if not given.")
    private @Nullable String name;

    Import(Session session) {
      this.session = session;
    }

    @Override
    public Integer call() throws IOException {
      Path from = Objects.requireNonNull(folder);
      JsonNode manifest = manifest(from.resolve("manifest.json"));
      ObjectNode spec = JsonNodeFactory.instance.objectNode();
      spec.put("version", manifest.path("version").asText());
      ObjectNode files = spec.putObject("files");
      for (Map.Entry<String, JsonNode> file : manifest.path("files").properties()) {
        String digest = file.getValue().path("sha256").asText();
        long bytes = file.getValue().path("bytes").asLong();
        upload(from, file.getKey(), digest, bytes);
        files.putObject(role(file.getKey())).put("sha256", digest).put("bytes", bytes);
      }
      String chosen = name == null ? manifest.path("name").asText() : name;
      JsonNode image = session.api().put(KindWord.IMAGE.path(chosen), KindCommands.body(spec));
      session.done(
          image, "image %s has version %s".formatted(chosen, manifest.path("version").asText()));
      return ExitCode.OK;
    }

    private static JsonNode manifest(Path file) throws IOException {
      if (!Files.exists(file)) {
        throw new CommandFailed(
            ExitCode.USAGE, file + " is not there: give the folder of a built image");
      }
      JsonNode manifest = Formats.json().readTree(Files.readString(file));
      if (!manifest.path("kind").asText().equals("guest")) {
        throw new CommandFailed(
            ExitCode.USAGE,
            file + " describes a " + manifest.path("kind").asText() + " image, not one for guests");
      }
      return manifest;
    }

    /** {@code rootfs.squashfs} is the rootfs, {@code metadata.tar.gz} the metadata. */
    private static String role(String file) {
      return file.split("\\.", 2)[0];
    }

    private void upload(Path from, String file, String digest, long bytes) throws IOException {
      Path path = from.resolve(file).normalize();
      if (!path.startsWith(from.normalize())) {
        throw new CommandFailed(ExitCode.USAGE, "the manifest names a file outside its folder");
      }
      if (Files.size(path) != bytes) {
        throw new CommandFailed(
            ExitCode.FAILED,
            "%s has %d bytes, its manifest says %d: build the image again"
                .formatted(path, Files.size(path), bytes));
      }
      Progress progress = new Progress(session, file, bytes);
      session.api().upload(path, digest, progress);
      progress.done();
    }
  }
}
