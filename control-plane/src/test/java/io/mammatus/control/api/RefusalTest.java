package io.mammatus.control.api;

import static io.mammatus.control.api.ApiHarness.tree;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong is said in a problem document that names it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusalTest {

  private static final String FLAVOR = "{\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":5}}";

  private ApiHarness api;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    api = new ApiHarness(RefusalTest.class, folder);
  }

  @AfterAll
  void stop() {
    api.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "flavors | {\"spec\":{\"cpus\":0,\"memoryMiB\":512,\"diskGiB\":5}} | spec.cpus | from 1",
        "flavors | {\"spec\":{\"memoryMiB\":512,\"diskGiB\":5}} | spec.cpus | is missing",
        "flavors | {\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":5,\"cpu\":1}} | spec.cpu | did you mean cpus",
        "flavors | {\"spec\":{\"cpus\":\"x\",\"memoryMiB\":512,\"diskGiB\":5}} | spec.cpus | number",
        "flavors | {\"metadata\":{\"name\":\"a\"},\"spec\":{}} | metadata.name | no such field",
        "machines | {\"spec\":{\"macs\":[\"52:54\"]}} | spec.macs[0] | MAC",
        "keys | {\"spec\":{\"publicKey\":\"hello\"}} | spec.publicKey | ssh-ed25519",
        "keys | {\"spec\":{\"publicKey\":\"a\\u0000\"}} | spec.publicKey | U+0000",
        "keys | {\"spec\":{\"publicKey\":\"a\\ud800\"}} | spec.publicKey | U+D800",
        "machines | {\"spec\":{\"macs\":[\"\\u0000\"]}} | spec.macs[0] | U+0000",
        "keys | `` | body | is empty",
      })
  void namesTheField(String kind, String body, String field, String message) {
    HttpResponse<String> refused = api.put("/v1/" + kind + "/x", body);
    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type")).contains("application/problem+json");
    assertThat(tree(refused).path("field").asText()).as(refused.body()).isEqualTo(field);
    assertThat(tree(refused).path("detail").asText()).contains(message);
    assertThat(tree(refused).at("/errors/0/field").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/machines/%zz, path",
    "GET, /v1/machines/%, path",
    "GET, /v1/machines/a%00, path",
    "PUT, /v1/flavors/%, path",
    "PUT, /v1/flavors/a%2, path",
    "PUT, /v1/blobs/%zz, path",
    "GET, /v1/machines/%zz/why, path",
    "GET, /v1/flavors?label=%zz, query",
    "GET, /v1/flavors?label=a%3D%00, query",
  })
  void namesThePathThatCannotBeRead(String method, String path, String field) throws Exception {
    String answer = api.raw(method, path);
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
    assertThat(answer).contains("\"field\":\"" + field + "\"");
  }

  @ParameterizedTest
  @CsvSource({"'', 5000, 414", "X-Long, 20000, 431"})
  void saysThatARequestIsTooLong(String header, int length, int status) throws Exception {
    String begin = header.isEmpty() ? "/" : "/v1/flavors HTTP/1.1\r\n" + header + ": ";
    String answer = api.raw("GET", begin + "a".repeat(length));
    assertThat(answer).matches("(?s)HTTP/1\\.[01] " + status + " .*problem:too-long.*");
  }

  @Test
  void takesATextThatOnlyLooksLikeANul() {
    String script = "{\"metadata\":{\"labels\":{}},\"spec\":{\"publicKey\":\"a\\\\u0000\"}}";
    assertThat(api.put("/v1/keys/x", script).body())
        .contains("ssh-ed25519")
        .doesNotContain("U+0000");
  }

  @Test
  void keepsToTheVersionThatTheCallerSaw() {
    HttpResponse<String> made = api.put("/v1/flavors/v", FLAVOR, "If-None-Match", "*");
    assertThat(made.statusCode()).isEqualTo(201);
    String etag = made.headers().firstValue("ETag").orElseThrow();
    assertThat(api.put("/v1/flavors/v", FLAVOR, "If-None-Match", "*").statusCode()).isEqualTo(412);
    String changed = FLAVOR.replace("512", "1024");
    assertThat(api.put("/v1/flavors/v", changed, "If-Match", etag).statusCode()).isEqualTo(200);
    HttpResponse<String> late = api.put("/v1/flavors/v", FLAVOR, "If-Match", etag);
    assertThat(late.statusCode()).isEqualTo(412);
    assertThat(tree(late).path("type").asText())
        .isEqualTo("urn:mammatus:problem:precondition-failed");
    assertThat(api.send(api.to("/v1/flavors/v").DELETE().header("If-Match", etag)).statusCode())
        .isEqualTo(412);
    assertThat(api.put("/v1/flavors/v", FLAVOR, "If-Match", "latest").statusCode()).isEqualTo(400);
  }

  @Test
  void wantsToKnowWhoAsks() {
    HttpResponse<String> nobody = api.send(api.anonymous("/v1/machines").GET());
    assertThat(nobody.statusCode()).isEqualTo(401);
    assertThat(nobody.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(
            api.send(
                    api.anonymous("/v1/machines")
                        .header("Authorization", "Bearer mam_" + "a".repeat(43))
                        .GET())
                .statusCode())
        .isEqualTo(401);
    assertThat(
            api.send(api.anonymous("/v1/machines").header("Authorization", "Basic YTpi").GET())
                .statusCode())
        .isEqualTo(401);
    assertThat(api.send(api.anonymous("/v1/nothing").GET()).statusCode()).isEqualTo(401);
  }

  @Test
  void answersWhatIsNoneOfItsPathsMethodsAndBodies() {
    assertThat(api.get("/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(tree(api.get("/v1/flavors/none")).path("detail").asText())
        .isEqualTo("there is no flavor none");
    HttpResponse<String> method = api.send(api.to("/v1/flavors").DELETE());
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(tree(method).path("type").asText())
        .isEqualTo("urn:mammatus:problem:method-not-allowed");
    assertThat(api.json("PUT", "/v1/flavors/a", "text/plain", FLAVOR).statusCode()).isEqualTo(415);
    HttpResponse<String> large = api.put("/v1/flavors/a", " ".repeat(1 << 21) + FLAVOR);
    assertThat(large.statusCode()).isEqualTo(413);
    assertThat(api.put("/v1/flavors/a", "{").statusCode()).isEqualTo(400);
    assertThat(api.put("/v1/flavors/Not-A-Name", FLAVOR).statusCode()).isEqualTo(400);
    assertThat(api.get("/v1/flavors?limit=0").statusCode()).isEqualTo(400);
    assertThat(api.get("/v1/flavors?limt=5").statusCode()).isEqualTo(400);
    assertThat(api.get("/v1/flavors?after=%2A").statusCode()).isEqualTo(400);
  }

  @Test
  void takesAFileOnlyUnderItsOwnDigest() {
    String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    String path = "/v1/blobs/" + empty;
    assertThat(api.send(api.to(path).HEAD()).statusCode()).isEqualTo(404);
    HttpResponse<String> wrong =
        api.json("PUT", path, "application/octet-stream", "x".repeat(3 << 20));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(tree(wrong).path("type").asText()).isEqualTo("urn:mammatus:problem:wrong-digest");
    assertThat(api.send(api.to(path).HEAD()).statusCode()).isEqualTo(404);
    assertThat(put(path)).isEqualTo(201);
    assertThat(put(path)).isEqualTo(204);
    assertThat(api.send(api.to(path).HEAD()).statusCode()).isEqualTo(200);
    assertThat(put("/v1/blobs/..%2Fescape")).isIn(400, 404);
  }

  private int put(String path) {
    return api.send(
            api.to(path)
                .header("Content-Type", "application/octet-stream")
                .PUT(BodyPublishers.noBody()))
        .statusCode();
  }
}
