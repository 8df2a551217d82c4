package io.mammatus.control.api;

import static io.mammatus.control.api.ApiHarness.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whoever breaks a rule is told which field it is and what it must be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FieldNamesTest {

  private static final String NETWORK =
      """
      {"spec":{"cidr":"10.88.0.0/24","interfaceName":"eth1","server":"10.88.0.1","gateway":"10.88.0.1",
       "machines":"10.88.0.10-10.88.0.99","instances":"10.88.0.100-10.88.0.199","lease":"PT1H"}}
      """;

  private ApiHarness api;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    api = new ApiHarness(FieldNamesTest.class, folder);
    assertThat(api.put("/v1/networks/n", NETWORK).statusCode()).isEqualTo(201);
    assertThat(api.put("/v1/machines/m", "{\"spec\":{\"macs\":[]}}").statusCode()).isEqualTo(201);
    String flavor = "{\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":5}}";
    assertThat(api.put("/v1/flavors/f", flavor).statusCode()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/flavors?limit=0 | limit | a whole number, from 1 to 1000",
        "/v1/flavors?limit=1001 | limit | a whole number, from 1 to 1000",
        "/v1/flavors?limit= | limit | a whole number",
        "/v1/flavors?limit=x | limit | a whole number",
        "/v1/flavors?limit=1.5 | limit | a whole number",
        "/v1/flavors?limit=99999999999999999999 | limit | a whole number",
        "/v1/flavors?after=%2A | after | the next of the page before",
        "/v1/flavors?watch=true&after=zz | after | a whole number",
        "/v1/flavors?watch=maybe | watch | true or false",
        "/v1/flavors?label=x | label | KEY=VALUE",
        "/v1/flavors?phase=this-is-no-phase-but-far-too-long | phase | at most 32 characters",
        "/v1/flavors?limt=5 | limt | there is no such parameter",
        "/v1/flavors/f/why?id=zz | id | an id, such as",
        "/v1/flavors/f/why?limit=0 | limit | a whole number, from 1 to 1000",
        "/v1/flavors/f/why?after=eA | after | the next of the page before",
        "/v1/events?after=-1 | after | a whole number, at least 0",
        "/v1/events?after=x | after | a whole number, at least 0",
        "/v1/events?kind=nothing | kind | there is no nothing",
        "/v1/flavors/a-name-that-is-much-longer-than-the-sixty-three-letters-that-it-may-have | name | at most 63",
      })
  void ofAParameter(String path, String field, String words) {
    isRefused(api.get(path), field, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "POST | machines/m/accept | {\"fingerprint\":\"abc\"} | fingerprint | sha256: and 64 lower-case hexadecimal digits",
        "POST | machines/m/accept | {\"fingerprint\":5} | fingerprint | sha256: and 64",
        "POST | machines/m/accept | {\"fingerprnt\":\"\"} | fingerprnt | did you mean fingerprint",
        "POST | machines/m/reject | {} | fingerprint | is missing",
        "POST | nodes/m/revoke | {\"reason\":\"\"} | reason | text of at least 1 and at most 200 characters",
        "PATCH | flavors/f | {\"metadata\":{\"labels\":{\"a b\":\"\"}}} | metadata.labels.a b | its name must be 1 to 63 letters",
        "PATCH | flavors/f | {\"metadata\":{\"labels\":{\"a\":5}}} | metadata.labels.a | text of at most 256",
        "PATCH | flavors/f | {\"spec\":{\"cpus\":0}} | spec.cpus | a whole number, from 1 to 1024",
        "PATCH | flavors/f | {\"spec\":{\"cpus\":null}} | spec.cpus | is missing",
        "PATCH | flavors/f | {\"spec\":{\"cpu\":1}} | spec.cpu | did you mean cpus",
        "PATCH | flavors/f | {\"spec\":5} | spec | must be an object",
        "PATCH | machines/m | {\"spec\":{\"fingerprint\":\"abc\"}} | spec.fingerprint | sha256: and 64",
        "PATCH | machines/m | {\"spec\":{\"macs\":[\"52\"]}} | spec.macs[0] | a MAC address",
        "PATCH | networks/n | {\"spec\":{\"cidr\":\"10.88\"}} | spec.cidr | a network, such as 10.88.0.0/24",
        "PATCH | networks/n | {\"spec\":{\"machines\":\"10.88\"}} | spec.machines | two IPv4 addresses",
        "PATCH | networks/n | {\"spec\":{\"interfaceName\":\"a b\"}} | spec.interfaceName | 1 to 15 letters",
        "PATCH | networks/n | {\"spec\":{\"lease\":\"1 h\"}} | spec.lease | such as 1h or PT1H",
        "PATCH | networks/n | {\"spec\":{\"lease\":\"1s\"}} | spec.lease | from one minute to a year",
        "PATCH | networks/n | {\"spec\":{\"lease\":\"PT\"}} | spec.lease | not a duration",
        "PATCH | networks/n | {\"spec\":{\"lease\":\"PT1S\"}} | spec.lease | from one minute to a year",
        "PATCH | networks/n | {\"spec\":{\"dns\":[\"1\"]}} | spec.dns[0] | an IPv4 address",
        "PUT | images/i | {\"spec\":{\"version\":\"\",\"files\":{}}} | spec.version | at least 1",
        "PUT | images/i | {\"spec\":{\"version\":\"1\",\"files\":{\"rootfs\":{\"sha256\":\"zz\",\"bytes\":1},\"metadata\":{}}}} | spec.files.rootfs.sha256 | 64 lower-case hexadecimal digits",
      })
  void ofABody(String method, String path, String body, String field, String words) {
    String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    isRefused(api.json(method, "/v1/" + path, type, body), field, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "POST | machines/m/accept | [] | the body must be an object",
        "POST | machines/m/accept | { | not JSON",
        "PATCH | flavors/f | [] | the body must be an object",
      })
  void aBodyAsAWholeHasNoField(String method, String path, String body, String words) {
    String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
    HttpResponse<String> refused = api.json(method, "/v1/" + path, type, body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(tree(refused).path("detail").asText()).contains(words);
    assertThat(tree(refused).has("field")).isFalse();
    assertThat(tree(refused).has("errors")).isFalse();
  }

  private static void isRefused(HttpResponse<String> refused, String field, String words) {
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(tree(refused).path("errors"))
        .as(refused.body())
        .anySatisfy(error -> {
          assertThat(error.path("field").asText()).isEqualTo(field);
          assertThat(error.path("message").asText()).contains(words);
        })
        .allSatisfy(error -> assertThat(error.path("field").asText()).isNotEmpty());
    assertThat(tree(refused).path("field").asText()).isNotEmpty();
    assertThat(tree(refused).path("detail").asText())
        .startsWith(tree(refused).path("field").asText() + ": ");
  }
}
