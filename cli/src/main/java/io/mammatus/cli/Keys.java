package io.mammatus.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** SSH keys by name or by file. */
final class Keys {

  private Keys() {}

  /**
   * The line of a public key's file.
   *
   * @throws CommandFailed if it is a private key: that never leaves this machine
   */
  static String read(Path file) throws IOException {
    String text = Files.readString(file).strip();
    if (text.contains("PRIVATE KEY")) {
      throw new CommandFailed(
          ExitCode.USAGE,
          file + " is a private key; give the public one (" + file.getFileName() + ".pub)");
    }
    return text;
  }

  /** The name of a key of the cloud; a file's key is added unless the cloud has it. */
  static String name(Session session, String nameOrFile) throws IOException {
    boolean file = nameOrFile.contains("/") || nameOrFile.endsWith(".pub");
    if (!file) {
      return nameOrFile;
    }
    String line = read(Path.of(nameOrFile));
    List<JsonNode> keys = session.api().list("keys", Map.of());
    for (JsonNode key : keys) {
      if (material(key.at("/spec/publicKey").asText()).equals(material(line))) {
        return key.at("/metadata/name").asText();
      }
    }
    Set<String> taken =
        keys.stream().map(key -> key.at("/metadata/name").asText()).collect(Collectors.toSet());
    String name = free(base(line), taken);
    session
        .api()
        .put(
            KindWord.KEY.path(name),
            KindCommands.body(JsonNodeFactory.instance.objectNode().put("publicKey", line)),
            Map.of("If-None-Match", "*"));
    session.note("added key " + name);
    return name;
  }

  private static String material(String line) {
    String[] words = line.split(" ", 3);
    return words.length < 2 ? line : words[0] + " " + words[1];
  }

  /** From the comment, which is usually somebody's name at a machine. */
  private static String base(String line) {
    String[] words = line.split(" ", 3);
    String comment = words.length == 3 ? words[2] : "key";
    String name =
        comment.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-+|-+$", "");
    String cut = name.substring(0, Math.min(50, name.length())).replaceAll("-+$", "");
    return cut.isEmpty() ? "key" : cut;
  }

  private static String free(String base, Set<String> taken) {
    String name = base;
    for (int i = 2; taken.contains(name); i++) {
      name = base + "-" + i;
    }
    return name;
  }
}
