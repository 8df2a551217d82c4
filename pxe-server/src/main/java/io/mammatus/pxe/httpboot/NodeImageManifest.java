package io.mammatus.pxe.httpboot;

import io.mammatus.protocols.boot.KernelArguments;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a node image's {@code manifest.json}:
 *
 * <pre>{@code
 * {"kind": "node", "version": "20261120-1", "kernelArguments": "boot=live ip=dhcp",
 *  "files": {"vmlinuz": {"sha256": "…", "bytes": 1}, "initrd.img": …, "root.squashfs": …}}
 * }</pre>
 */
public final class NodeImageManifest {

  public static final String FILE = "manifest.json";

  private static final int MAX_SIZE = 1 << 20;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private NodeImageManifest() {}

  /**
   * Reads the manifest in {@code folder} and checks that its files are there and as long as it
   * says.
   *
   * @throws IOException if something cannot be read, or the image is not what its manifest says
   */
  public static NodeImage read(Path folder) throws IOException {
    Path manifest = folder.resolve(FILE);
    if (Files.size(manifest) > MAX_SIZE) {
      throw new IOException(manifest + " is longer than a manifest may be");
    }
    try {
      NodeImage image = parse(Buffer.buffer(Files.readAllBytes(manifest)), folder);
      for (Map.Entry<String, NodeImage.ImageFile> file : image.files().entrySet()) {
        checkLength(folder.resolve(file.getKey()), file.getValue());
      }
      return image;
    } catch (IllegalArgumentException | ClassCastException e) {
      // what Vert.x's JSON, the checks below and KernelArguments throw
      throw new IOException(manifest + ": " + e.getMessage(), e);
    }
  }

  /**
   * Checks every file's hash: about a second for each 300 MB.
   *
   * @return the first file whose content is not what the manifest says
   * @throws IOException if a file cannot be read
   */
  public static Optional<String> firstWrongFile(NodeImage image) throws IOException {
    for (Map.Entry<String, NodeImage.ImageFile> file : image.files().entrySet()) {
      if (!sha256(image.folder().resolve(file.getKey())).equals(file.getValue().sha256())) {
        return Optional.of(file.getKey());
      }
    }
    return Optional.empty();
  }

  private static NodeImage parse(Buffer text, Path folder) {
    JsonObject json = decode(text);
    require("node".equals(json.getString("kind")), "kind is not node");
    String version = String.valueOf(json.getString("version"));
    require(NAME.matcher(version).matches(), "version is not a plain name");
    Map<String, NodeImage.ImageFile> files = new HashMap<>();
    JsonObject listed = json.getJsonObject("files", new JsonObject());
    for (String name : listed.fieldNames()) {
      require(NAME.matcher(name).matches(), "a file's name is not a plain name");
      JsonObject file = listed.getJsonObject(name);
      String sha256 = String.valueOf(file.getString("sha256"));
      require(SHA256.matcher(sha256).matches(), name + ": sha256 is not 64 digits");
      files.put(name, new NodeImage.ImageFile(sha256, file.getLong("bytes", -1L)));
    }
    for (String needed : new String[] {NodeImage.KERNEL, NodeImage.INITRD, NodeImage.ROOT}) {
      require(files.containsKey(needed), "it has no " + needed);
    }
    KernelArguments arguments = KernelArguments.parse(json.getString("kernelArguments", ""));
    return new NodeImage(version, arguments, folder, files);
  }

  private static JsonObject decode(Buffer text) {
    try {
      return new JsonObject(text);
    } catch (io.vertx.core.json.DecodeException e) {
      throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
    }
  }

  private static void checkLength(Path file, NodeImage.ImageFile expected) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException(file + " is not a regular file");
    }
    if (Files.size(file) != expected.bytes()) {
      throw new IOException(file + " is not as long as its manifest says");
    }
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
