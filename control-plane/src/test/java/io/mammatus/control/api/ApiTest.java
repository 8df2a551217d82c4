package io.mammatus.control.api;

import static io.mammatus.control.api.ApiHarness.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The API's shape: what every kind can do, and what is said when it cannot be done. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {

  private static final String FLAVOR = "{\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":5}}";

  private ApiHarness api;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    api = new ApiHarness(ApiTest.class, folder);
  }

  @AfterAll
  void stop() {
    api.close();
  }

  @Test
  void createsChangesAndDeletes() {
    HttpResponse<String> made = api.put("/v1/flavors/small", FLAVOR);
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    assertThat(tree(made).at("/metadata/name").asText()).isEqualTo("small");
    assertThat(tree(made).at("/kind").asText()).isEqualTo("flavor");
    String etag = made.headers().firstValue("ETag").orElseThrow();

    HttpResponse<String> again = api.put("/v1/flavors/small", FLAVOR);
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.headers().firstValue("ETag")).contains(etag);

    HttpResponse<String> got = api.get("/v1/flavors/small");
    assertThat(got.statusCode()).isEqualTo(200);
    assertThat(tree(got).at("/spec/memoryMiB").asInt()).isEqualTo(512);

    HttpResponse<String> patched =
        api.json(
            "PATCH",
            "/v1/flavors/small",
            "application/merge-patch+json",
            "{\"metadata\":{\"labels\":{\"size\":\"s\"}},\"spec\":{\"cpus\":2}}");
    assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
    assertThat(tree(patched).at("/spec/cpus").asInt()).isEqualTo(2);
    assertThat(tree(patched).at("/metadata/labels/size").asText()).isEqualTo("s");
    // Who says nothing of labels leaves them; who says that there are none takes them away.
    assertThat(tree(api.put("/v1/flavors/small", FLAVOR)).at("/metadata/labels/size").asText())
        .isEqualTo("s");
    String bare = FLAVOR.replaceFirst("\\{", "{\"metadata\":{\"labels\":{}},");
    assertThat(tree(api.put("/v1/flavors/small", bare)).at("/metadata/labels")).isEmpty();

    assertThat(api.send(api.to("/v1/flavors/small").DELETE()).statusCode()).isEqualTo(204);
    assertThat(api.get("/v1/flavors/small").statusCode()).isEqualTo(404);
  }

  @Test
  void listsAPageAtATime() {
    for (int i = 0; i < 5; i++) {
      assertThat(api.put("/v1/flavors/page-" + i, FLAVOR).statusCode()).isEqualTo(201);
    }
    List<String> names = new ArrayList<>();
    String after = "";
    do {
      HttpResponse<String> page = api.get("/v1/flavors?limit=2" + after);
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      for (JsonNode item : tree(page).get("items")) {
        names.add(item.at("/metadata/name").asText());
      }
      after = tree(page).has("next") ? "&after=" + tree(page).get("next").asText() : "";
    } while (!after.isEmpty());
    assertThat(names).isSorted().doesNotHaveDuplicates();
    assertThat(names).contains("page-0", "page-1", "page-2", "page-3", "page-4");
  }

  @Test
  void servesItsContractAndItsHealthToEverybody() {
    assertThat(tree(api.send(api.anonymous("/v1/openapi.json").GET())).at("/openapi").asText())
        .isEqualTo("3.1.0");
    assertThat(api.send(api.anonymous("/v1/health").GET()).statusCode()).isEqualTo(200);
    assertThat(api.send(api.anonymous("/v1/flavors").GET()).statusCode()).isEqualTo(401);
    assertThat(api.get("/metrics").statusCode()).isEqualTo(200);
  }
}
