package io.mammatus.control.api;

import static io.mammatus.store.testing.TestDatabase.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The stream has every entry once and in order, whatever happens to the connection. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class EventsTest {

  private ApiHarness api;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    api =
        new ApiHarness(
            EventsTest.class,
            folder,
            new EventStream.Limits(Duration.ofMillis(300), Duration.ofMillis(200), 4 * 1024));
  }

  @AfterAll
  void stop() {
    api.close();
  }

  @Test
  void goesOnWhereTheReaderWas() throws Exception {
    long start = api.view().cloud().position();
    for (int i = 0; i < 3; i++) {
      put("first-" + i);
    }
    List<Long> seen = new ArrayList<>();
    try (Reader reader = open("/v1/events?after=" + start)) {
      seen.add(reader.next().id());
      seen.add(reader.next().id());
    }
    for (int i = 0; i < 3; i++) {
      put("while-away-" + i);
    }
    try (Reader reader = open("/v1/events", "Last-Event-ID", "" + seen.getLast())) {
      for (int i = 0; i < 4; i++) {
        seen.add(reader.next().id());
      }
      put("live");
      Event live = reader.next();
      assertThat(live.data()).contains("flavor live is wanted");
      seen.add(live.id());
    }
    assertThat(seen)
        .containsExactly(
            start + 1, start + 2, start + 3, start + 4, start + 5, start + 6, start + 7);
  }

  @Test
  void watchesOneKindWithItsResources() throws Exception {
    try (Reader reader = open("/v1/flavors?watch=true")) {
      put("watched");
      assertThat(reader.next().data()).contains("\"resource\"", "\"watched\"", "\"cpus\":1");
      assertThat(api.send(api.to("/v1/flavors/watched").DELETE()).statusCode()).isEqualTo(204);
      Event gone = reader.next();
      assertThat(gone.type()).isEqualTo("ResourceDeleted");
      assertThat(gone.data()).doesNotContain("\"resource\"").contains("\"id\"");
    }
    try (Reader quiet = open("/v1/events?kind=network")) {
      assertThat(quiet.line()).startsWith(":"); // it lives, and has nothing to say
      assertThat(quiet.line()).isEmpty();
      assertThat(quiet.line()).isEqualTo(":");
    }
  }

  @Test
  void tellsOnceThatAResourceDoesNotMatchAnyMore() throws Exception {
    label("red", "a");
    label("other", "b");
    try (Reader reader = open("/v1/flavors?watch=true&label=team%3Da")) {
      label("red", "b");
      assertThat(reader.next().data()).contains("\"matches\":false").doesNotContain("\"resource\"");
      label("red", "c"); // was told
      label("other", "c"); // the reader may have had it from a list
      assertThat(reader.next().data()).contains("\"matches\":false", "flavor other");
      label("red", "a");
      assertThat(reader.next().data()).contains("\"resource\"").doesNotContain("\"matches\"");
      assertThat(api.send(api.to("/v1/flavors/red").DELETE()).statusCode()).isEqualTo(204);
      Event gone = reader.next();
      assertThat(gone.type()).isEqualTo("ResourceDeleted");
      assertThat(gone.data()).doesNotContain("\"resource\"", "\"matches\"");
    }
  }

  @Test
  void endsForAReaderWhoseTokenWasReplaced(@TempDir Path folder) throws Exception {
    EventStream.Limits quick =
        new EventStream.Limits(Duration.ofSeconds(30), Duration.ofMillis(100), 4 * 1024);
    try (ApiHarness other = new ApiHarness(EventStream.class, folder, quick)) {
      HttpResponse<InputStream> stream =
          other.client().send(other.to("/v1/events").GET().build(), BodyHandlers.ofInputStream());
      try (Reader reader = new Reader(stream.body())) {
        assertThat(reader.line()).startsWith(":");
        await(AdminToken.replace(other.database().database(), Clock.systemUTC()));
        other.pass(TokenCheck.LIFETIME);
        assertThat(reader.next().data()).contains("this token is not valid any more");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/events, Last-Event-ID", "/v1/events?after=%d, after",
    "/v1/flavors?watch=true, Last-Event-ID", "/v1/flavors?watch=true&after=%d, after"
  })
  void aPlaceBeyondTheLogIsGone(String path, String field) {
    put("before-" + path.length());
    long head = api.view().cloud().position();
    HttpRequest.Builder request = api.to(path.formatted(head + 1));
    if (field.equals("Last-Event-ID")) {
      request.header(field, Long.toString(head + 1));
    }
    HttpResponse<String> gone = api.send(request.GET());
    assertThat(gone.statusCode()).as(gone.body()).isEqualTo(410);
    JsonNode problem = ApiHarness.tree(gone);
    assertThat(problem.path("type").asText()).isEqualTo("urn:mammatus:problem:beyond-log");
    assertThat(problem.path("field").asText()).isEqualTo(field);
    assertThat(problem.path("detail").asText()).contains("the log ends at " + head, "start over");
  }

  @Test
  void theLogsHeadItselfIsAPlace() throws Exception {
    long head = api.view().cloud().position();
    try (Reader reader = open("/v1/events?after=" + head)) {
      put("after-the-head");
      assertThat(reader.next().id()).isEqualTo(head + 1);
    }
  }

  @Test
  void aReaderThatKnowsMoreThanThisControlPlaneIsNotSentAway() throws Exception {
    // The log's end moves without a notification, as between another's commit and our reading it.
    long head = api.view().cloud().position();
    moveHead(1);
    try (Reader reader = open("/v1/events?after=" + (head + 1))) {
      assertThat(reader.line()).startsWith(":");
      moveHead(-1);
      put("known-elsewhere");
      put("not-known-yet");
      assertThat(reader.next().id()).isEqualTo(head + 2);
    }
  }

  private void moveHead(int by) {
    String sql = "update log_head set position = position + " + by;
    assertThat(await(api.database().database().pool().query(sql).execute()).rowCount())
        .isEqualTo(1);
  }

  private void label(String name, String team) {
    String body =
        "{\"metadata\":{\"labels\":{\"team\":\"%s\"}},\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":5}}";
    assertThat(api.put("/v1/flavors/" + name, body.formatted(team)).statusCode()).isIn(200, 201);
  }

  private void put(String name) {
    assertThat(
            api.put(
                    "/v1/flavors/" + name,
                    "{\"spec\":{\"cpus\":1,\"memoryMiB\":512,\"diskGiB\":5}}")
                .statusCode())
        .isEqualTo(201);
  }

  private Reader open(String path, String... headers) throws IOException, InterruptedException {
    HttpRequest.Builder request = api.to(path);
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<InputStream> response =
        api.client().send(request.GET().build(), BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return new Reader(response.body());
  }

  private record Event(long id, String type, String data) {}

  private static final class Reader implements AutoCloseable {
    private final InputStream in;
    private final BufferedReader lines;

    Reader(InputStream in) {
      this.in = in;
      this.lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    String line() throws IOException {
      String line = lines.readLine();
      if (line == null) {
        throw new IOException("the stream ended");
      }
      return line;
    }

    Event next() throws IOException {
      long id = 0;
      String type = "";
      String data = "";
      for (String line = line(); ; line = line()) {
        if (line.startsWith("id: ")) {
          id = Long.parseLong(line.substring(4));
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (line.isEmpty() && !data.isEmpty()) {
          return new Event(id, type, data);
        }
      }
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
