package io.mammatus.platform.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.core.net.Cidr;
import io.mammatus.core.net.IpAddress;
import io.mammatus.core.net.Ipv4;
import io.mammatus.core.net.Mac;
import io.mammatus.platform.config.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonTest {

  enum Mode {
    READ_ONLY,
    READ_WRITE
  }

  sealed interface Shape {
    record Point() implements Shape {}

    sealed interface Round extends Shape {}

    record Circle(int radius, Mode mode) implements Round {}
  }

  record Inner(Cidr cidr, Optional<Duration> lease) {
    public boolean isWide() {
      return cidr.prefixLength() < 16;
    }
  }

  record Whole(
      String name,
      Mac mac,
      IpAddress address,
      Map<Mac, Integer> ports,
      Map<Mode, String> modes,
      List<Shape> shapes,
      Shape.Circle plain,
      Instant at,
      @Nullable String note,
      long size,
      Inner spec) {}

  private static final Whole WHOLE =
      new Whole(
          "a",
          Mac.parse("52:54:00:12:34:56"),
          Ipv4.parse("10.0.0.1"),
          Map.of(Mac.parse("52:54:00:00:00:02"), 2, Mac.parse("52:54:00:00:00:01"), 1),
          Map.of(Mode.READ_ONLY, "x"),
          List.of(new Shape.Circle(3, Mode.READ_WRITE), new Shape.Point()),
          new Shape.Circle(1, Mode.READ_ONLY),
          Instant.parse("2026-01-02T03:04:05.678901Z"),
          null,
          1L << 40,
          new Inner(Cidr.parse("10.0.0.0/8"), Optional.of(Duration.ofMinutes(90))));

  private static final String TEXT =
      """
      {"name":"a","mac":"52:54:00:12:34:56","address":"10.0.0.1",\
      "ports":{"52:54:00:00:00:01":1,"52:54:00:00:00:02":2},"modes":{"read-only":"x"},\
      "shapes":[{"type":"Circle","radius":3,"mode":"read-write"},{"type":"Point"}],\
      "plain":{"radius":1,"mode":"read-only"},"at":"2026-01-02T03:04:05.678901Z",\
      "size":1099511627776,"spec":{"cidr":"10.0.0.0/8","lease":"PT1H30M"}}\
      """;

  @Test
  void writesRecordsByTheirShape() {
    assertThat(Json.strict().write(WHOLE)).isEqualTo(TEXT);
    assertThat(Json.lenient().write(WHOLE)).isEqualTo(TEXT);
  }

  @Test
  void readsWhatItWrote() {
    assertThat(Json.strict().read(TEXT, Whole.class)).isEqualTo(WHOLE);
    assertThat(Json.lenient().read(TEXT, Whole.class)).isEqualTo(WHOLE);
  }

  @Test
  void readsDurationsAsPeopleWriteThem() {
    for (String form : new String[] {"1h30m", "90m", "5400s"}) {
      assertThat(Json.strict().read(TEXT.replace("PT1H30M", form), Whole.class)).isEqualTo(WHOLE);
    }
  }

  @Test
  void aSealedTypeIsNamedWhereItIsDeclared() {
    String named = Json.strict().write(new Shape.Point(), Shape.class);
    assertThat(named).isEqualTo("{\"type\":\"Point\"}");
    assertThat(Json.strict().read(named, Shape.class)).isEqualTo(new Shape.Point());
    assertThat(Json.strict().write(new Shape.Point())).isEqualTo("{}");
    assertThat(
            Json.strict()
                .read(
                    "{\"type\":\"Circle\",\"radius\":1,\"mode\":\"read-only\"}", Shape.Round.class))
        .isEqualTo(new Shape.Circle(1, Mode.READ_ONLY));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"cidr\":\"10.0.0.0/8\" | \"cidr\":\"10.0.0.1/8\" | spec.cidr | 10.0.0.1/8 has bits set",
        "\"cidr\":\"10.0.0.0/8\" | \"cidr\":7 | spec.cidr | must be a string",
        "\"cidr\":\"10.0.0.0/8\", | ~~ | spec.cidr | is missing",
        "\"lease\": | \"cider\": | spec.cider | did you mean cidr?",
        "\"radius\":3 | \"radius\":3.5 | shapes[0].radius | whole number",
        "\"radius\":3 | \"radius\":\"3\" | shapes[0].radius | whole number",
        "\"radius\":3, | ~~ | shapes[0].radius | is missing",
        "\"Circle\" | \"Cirkle\" | shapes[0].type | one of: Point, Round",
        "\"read-write\" | \"write\" | shapes[0].mode | one of: read-only, read-write",
        "\"name\":\"a\" | \"name\":null | name | must not be null",
        "\"name\":\"a\" | \"name\":\"a\",\"name\":\"b\" | ~~ | Duplicate field 'name'",
        "\"lease\":\"PT1H30M\" | \"lease\":\"soon\" | spec.lease | not a duration (like 30s",
        "52:54:00:00:00:02 | 52:54 | ports | not a MAC address",
        "{\"name\" | [\"name\" | ~~ | must be an object",
      })
  void strictNamesTheFieldAndTheReason(String good, String bad, String path, String message) {
    String text =
        TEXT.replaceFirst(
            java.util.regex.Pattern.quote(good), java.util.regex.Matcher.quoteReplacement(bad));
    assertThat(text).isNotEqualTo(TEXT);
    JsonException e =
        catchThrowableOfType(JsonException.class, () -> Json.strict().read(text, Whole.class));
    assertThat(e.problem().path()).isEqualTo(path);
    assertThat(e.problem().message()).contains(message);
    assertThat(e.problem().message()).doesNotContain("io.mammatus").doesNotContain("java.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"b\":[\"x\",\"\\u0000\"]}} | a.b[1]: holds the character U+0000",
        "{\"a\":\"\\ud800\"} | a: holds half of a surrogate pair (U+D800)",
        "{\"a\":\"\\udc00\\ud800\"} | a: holds half of a surrogate pair (U+DC00)",
        "{\"a\":{\"\\u0000\":1}} | a.\\u0000: holds the character U+0000",
      })
  void aTextThatCannotBeKeptIsRefusedWithItsPath(String json, String message) {
    assertThatThrownBy(() -> Json.strict().read(json, JsonNode.class))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"printf \\\\u0000 | printf \\u0000", "\\ud83d\\ude00 | \ud83d\ude00"})
  void aTextThatOnlyLooksLikeItIsKept(String escaped, String value) {
    JsonNode read = Json.strict().read("{\"a\":\"" + escaped + "\"}", JsonNode.class);
    assertThat(read.path("a").asText()).isEqualTo(value);
    assertThat(Json.strict().<JsonNode>read(read, JsonNode.class)).isEqualTo(read);
  }

  @Test
  void lenientReadsWhatAnotherVersionWrote() {
    String newer = TEXT.replace("\"radius\":3,", "\"colour\":\"red\",");
    assertThat(Json.lenient().read(newer, Whole.class).shapes())
        .first()
        .isEqualTo(new Shape.Circle(0, Mode.READ_WRITE));
    String older = TEXT.replaceFirst("\"ports\":\\{[^}]*},", "");
    assertThat(Json.lenient().read(older, Whole.class).ports()).isEmpty();
  }

  @Test
  void aNullIsNeverSmuggledIntoARecord() {
    String older = TEXT.replace("\"name\":\"a\",", "");
    assertThatThrownBy(() -> Json.lenient().read(older, Whole.class))
        .hasMessage("name: is missing");
  }

  @Test
  void aSecretIsNotWritten() {
    assertThat(Json.lenient().write(new Secret("hunter2"))).isEqualTo("\"***\"");
  }
}
