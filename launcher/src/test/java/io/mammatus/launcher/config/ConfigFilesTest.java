package io.mammatus.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.mammatus.platform.config.ConfigReader;
import io.mammatus.platform.config.Default;
import io.mammatus.platform.json.ValueTypes;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigFilesTest {

  static List<SampleFile> samples() {
    return SampleFile.ALL;
  }

  /** One key of a record, wherever it is in the file. */
  private record Key(String path, RecordComponent component) {}

  private static List<Key> keys(Class<?> type, String path) {
    List<Key> keys = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      String key = (path.isEmpty() ? "" : path + ".") + component.getName();
      keys.add(new Key(key, component));
      Class<?> inner = inner(component.getGenericType());
      if (inner.isRecord() && !ValueTypes.isValue(inner)) {
        keys.addAll(keys(inner, key));
      }
    }
    return keys;
  }

  private static Class<?> inner(Type type) {
    return type instanceof ParameterizedType generic
        ? inner(generic.getActualTypeArguments()[0])
        : (Class<?>) type;
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theProgramReadsEverySample(SampleFile sample, @TempDir Path folder) throws IOException {
    Path copy = folder.resolve("sample.yaml");
    Files.copy(sample.file(), copy);
    Files.writeString(folder.resolve("database-password"), "correct horse\n");
    assertThat(ConfigReader.read(copy, sample.type()).toString()).doesNotContain("correct horse");
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everyKeyIsExplained(SampleFile sample) throws IOException {
    Map<String, SampleFile.Entry> entries = sample.entries();
    for (Key key : keys(sample.type(), "")) {
      int dot = key.path().indexOf('.');
      String section = dot < 0 ? "" : key.path().substring(0, dot);
      if (!section.isEmpty() && Objects.requireNonNull(entries.get(section)).leftOut()) {
        continue; // explained in the sample that its comment names
      }
      SampleFile.Entry entry =
          Objects.requireNonNull(
              entries.get(key.path()), () -> key.path() + " is not in " + sample.file());
      assertThat(entry.comment()).as(key.path()).isNotEmpty();
      Default fallback = key.component().getAnnotation(Default.class);
      if (fallback != null) {
        assertThat(entry.comment()).as(key.path()).contains("Default: " + fallback.value());
        if (entry.leftOut()) {
          assertThat(entry.value()).as("the default of " + key.path()).isEqualTo(fallback.value());
        }
      }
    }
  }

  @Test
  void theDefaults() {
    TreeSet<String> defaults = new TreeSet<>();
    for (SampleFile sample : SampleFile.ALL) {
      for (Key key : keys(sample.type(), "")) {
        Default fallback = key.component().getAnnotation(Default.class);
        if (fallback != null) {
          defaults.add(key.path() + " = " + fallback.value());
        }
      }
    }
    assertThat(defaults)
        .containsExactly(
            "boot.blobs = /var/lib/mammatus/blobs",
            "boot.dns.enabled = true",
            "boot.dns.fallback = 1.1.1.1",
            "boot.dns.port = 53",
            "boot.dns.zone = mammatus.internal",
            "boot.endIpv6Wait = false",
            "boot.httpPort = 8080",
            "boot.https.fallback = true",
            "boot.https.port = 8445",
            "boot.images = /var/lib/mammatus/images",
            "boot.loaders = /var/lib/mammatus/loaders",
            "boot.secureBoot = auto",
            "controlPlane.acceptByName = false",
            "controlPlane.agents = 0.0.0.0:8444",
            "controlPlane.api = 0.0.0.0:8443",
            "controlPlane.blobs = /var/lib/mammatus/blobs",
            "controlPlane.bootPort = 8080",
            "controlPlane.identity = /var/lib/mammatus/identity",
            "controlPlane.networks.dhcp.mode = serve",
            "controlPlane.networks.dhcp.probe = false",
            "controlPlane.networks.dhcp.unknown = enrol",
            "controlPlane.networks.lease = 1h",
            "controlPlane.traceRecords = 200000",
            "database.connections = 8",
            "database.database = mammatus",
            "database.tls = true",
            "database.user = mammatus",
            "metadata.address = 169.254.169.254",
            "metadata.port = 80");
  }

  /** {@code mvn … -Dmammatus.schema.write=true} writes them anew. */
  @ParameterizedTest
  @MethodSource("samples")
  void theSchemaIsWhatTheRecordIs(SampleFile sample) throws IOException {
    String schema = ConfigSchema.of(sample, notes());
    if (Boolean.getBoolean("mammatus.schema.write")) {
      Files.createDirectories(sample.schema().getParent());
      Files.writeString(sample.schema(), schema);
    }
    assertThat(Files.readString(sample.schema())).isEqualTo(schema);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void theSampleKeepsTheSchema(SampleFile sample) throws IOException {
    JsonObject schema = new JsonObject(Files.readString(sample.schema()));
    JsonObject file = new JsonObject(new YAMLMapper().readTree(sample.file().toFile()).toString());
    assertThat(validate(schema, file).getValid()).isTrue();
    assertThat(validate(schema, file.copy().put("databse", 1)).getValid()).isFalse();
  }

  private static OutputUnit validate(JsonObject schema, JsonObject file) {
    JsonSchemaOptions options =
        new JsonSchemaOptions().setDraft(Draft.DRAFT202012).setBaseUri("https://mammatus.example");
    return Validator.create(JsonSchema.of(schema.copy()), options).validate(file);
  }

  /** Of all samples: a section that one leaves out is explained in another. */
  private static Map<String, SampleFile.Entry> notes() throws IOException {
    Map<String, SampleFile.Entry> notes = new LinkedHashMap<>();
    for (SampleFile sample : SampleFile.ALL) {
      sample.entries().forEach(notes::putIfAbsent);
    }
    return notes;
  }
}
