package io.mammatus.control.api.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.control.api.contract.ContractRules.Broken;
import io.mammatus.core.resource.Kind;
import io.mammatus.platform.json.Json;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The checker knows all that the contract asks, and says it in words. */
class ContractRulesTest {

  /** What the checker looks at, and what is there for readers alone. */
  private static final Set<String> KNOWN =
      Set.of(
          "$ref",
          "type",
          "const",
          "enum",
          "pattern",
          "format",
          "minimum",
          "maximum",
          "minLength",
          "maxLength",
          "maxItems",
          "maxProperties",
          "items",
          "properties",
          "required",
          "additionalProperties",
          "propertyNames",
          "default",
          "description");

  private static final Set<String> FORMATS =
      Set.of("int32", "int64", "uuid", "duration", "date-time", "binary");

  private final JsonNode document = Json.strict().read(Contract.generate(), JsonNode.class);
  private final ContractRules rules = ContractRules.of(Contract.generate());

  @Test
  void everyKeywordFormatAndPatternIsKnown() {
    document.at("/components/schemas").forEach(this::isKnown);
    document.findValues("schema").forEach(this::isKnown);
  }

  private void isKnown(JsonNode schema) {
    if (!schema.isObject()) {
      return;
    }
    Set<String> keywords = new TreeSet<>();
    schema.fieldNames().forEachRemaining(keywords::add);
    assertThat(KNOWN).as(schema.toString()).containsAll(keywords);
    if (schema.has("pattern")) {
      assertThat(SchemaWords.knows(schema.path("pattern").asText())).as(schema.toString()).isTrue();
    }
    if (schema.has("format")) {
      assertThat(FORMATS).contains(schema.path("format").asText());
    }
    schema.path("properties").forEach(this::isKnown);
    isKnown(schema.path("items"));
    isKnown(schema.path("additionalProperties"));
    isKnown(schema.path("propertyNames"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "FLAVOR | [] | `` | must be an object",
        "FLAVOR | {} | spec | is missing",
        "FLAVOR | {\"spec\":{\"cpus\":1025,\"memoryMiB\":64,\"diskGiB\":1}} | spec.cpus | must be a whole number, from 1 to 1024",
        "FLAVOR | {\"spec\":{\"cpus\":1.5,\"memoryMiB\":64,\"diskGiB\":1}} | spec.cpus | must be a whole number, from 1 to 1024",
        "FLAVOR | {\"spec\":{\"cpus\":1,\"memoryMiB\":63,\"diskGiB\":1}} | spec.memoryMiB | must be a whole number, at least 64",
        "FLAVOR | {\"metadata\":{\"labels\":{\"a b\":\"\"}},\"spec\":{\"cpus\":1,\"memoryMiB\":64,\"diskGiB\":1}} | metadata.labels.a b | its name must be 1 to 63 letters, digits and . _ / -, and begin with a letter or digit",
        "NODE | {\"spec\":{\"machine\":\"1-1-1-1-1\",\"schedulable\":true}} | spec.machine | must be an id, such as 0f9ac1d2-7b80-4c55-9d0e-3f6a51c2e814",
        "NODE | {\"spec\":{\"machine\":\"0f9ac1d2-7b80-4c55-9d0e-3f6a51c2e814\",\"schedulable\":\"no\"}} | spec.schedulable | must be true or false",
        "MACHINE | {\"spec\":{\"macs\":{}}} | spec.macs | must be a list of at most 64",
        "MACHINE | {\"spec\":{\"macs\":[\"52:54:00:00:00:01\",\"52\"]}} | spec.macs[1] | must be a MAC address, such as 52:54:00:12:34:56",
      })
  void saysWhichRuleOfWhichFieldIsBroken(Kind kind, String body, String field, String message) {
    List<Broken> broken = rules.wanted(kind, Json.strict().read(body, JsonNode.class));
    assertThat(broken).containsExactly(new Broken(field, message));
  }

  @Test
  void saysAllThatAreBroken() {
    String body = "{\"spec\":{\"cpus\":0,\"disk\":1}}";
    assertThat(rules.wanted(Kind.FLAVOR, Json.strict().read(body, JsonNode.class)))
        .extracting(Broken::field)
        .containsExactlyInAnyOrder("spec.memoryMiB", "spec.diskGiB", "spec.cpus", "spec.disk");
  }
}
