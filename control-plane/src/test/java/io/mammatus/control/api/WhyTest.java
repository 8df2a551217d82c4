package io.mammatus.control.api;

import static io.mammatus.control.api.ApiHarness.tree;
import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.mammatus.core.resource.Uid;
import io.mammatus.store.trace.TraceRecord;
import io.mammatus.store.trace.TraceWriter;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A story is told whole and in the order of time, however it is cut into pages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WhyTest {

  private static final int EVENTS = 5;
  private static final int ITEMS = 12;

  private ApiHarness api;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    api = new ApiHarness(WhyTest.class, folder);
    for (int disk = 1; disk <= EVENTS; disk++) {
      put("told", disk);
    }
    JsonNode story = tree(api.get("/v1/flavors/told/why")).path("items");
    Uid id = Uid.parse(tree(api.get("/v1/flavors/told")).at("/metadata/id").asText());
    // In between the events, at their very instants, and several at one.
    for (int event : new int[] {0, 2, 2, 2, 4, 4}) {
      trace(id, Instant.parse(story.get(event).path("at").asText()));
    }
    trace(id, Instant.parse(story.get(0).path("at").asText()).minusSeconds(60));
  }

  @AfterAll
  void stop() {
    api.close();
  }

  private void put(String name, int disk) {
    String body = "{\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":%d}}".formatted(disk);
    assertThat(api.put("/v1/flavors/" + name, body).statusCode()).isIn(200, 201);
  }

  private void trace(Uid subject, Instant at) {
    TraceWriter writer = new TraceWriter(api.database().database(), 100);
    writer.write(
        new TraceRecord(
            at,
            Optional.of(subject),
            Optional.empty(),
            Optional.empty(),
            "test",
            "seen",
            "",
            Map.of("n", Long.toString(at.toEpochMilli()))));
    await(writer.close());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 11, 12, 13, 1000})
  void pagesTogetherAreTheWholeStory(int limit) {
    List<JsonNode> whole = new ArrayList<>();
    tree(api.get("/v1/flavors/told/why")).path("items").forEach(whole::add);
    assertThat(whole).hasSize(ITEMS);
    assertThat(whole).extracting(item -> Instant.parse(item.path("at").asText())).isSorted();
    assertThat(whole)
        .filteredOn(item -> item.path("kind").asText().equals("event"))
        .extracting(item -> item.path("position").asLong())
        .isSorted()
        .doesNotHaveDuplicates()
        .hasSize(EVENTS);

    List<JsonNode> read = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String after = "";
    do {
      HttpResponse<String> page = api.get("/v1/flavors/told/why?limit=" + limit + after);
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      tree(page).path("items").forEach(read::add);
      sizes.add(tree(page).path("items").size());
      after = tree(page).has("next") ? "&after=" + tree(page).path("next").asText() : "";
    } while (!after.isEmpty());
    assertThat(read).isEqualTo(whole);
    assertThat(sizes).hasSize((ITEMS + limit - 1) / limit);
    assertThat(sizes.subList(0, sizes.size() - 1)).allMatch(size -> size == limit);
  }

  @Test
  void whatIsToldWhileSomebodyReadsIsOnTheNextPage() {
    put("growing", 1);
    put("growing", 2);
    put("growing", 3);
    String next = tree(api.get("/v1/flavors/growing/why?limit=2")).path("next").asText();
    put("growing", 4);
    JsonNode rest = tree(api.get("/v1/flavors/growing/why?limit=2&after=" + next));
    assertThat(rest.path("items")).hasSize(2);
    assertThat(rest.has("next")).isFalse();
  }
}
