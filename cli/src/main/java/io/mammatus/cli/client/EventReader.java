package io.mammatus.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.util.function.Predicate;

/** Reads Server-Sent Events (WHATWG HTML, section 9.2.6), and keeps the place. */
final class EventReader {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_LOST = 20;
  private static final long PAUSE_MILLIS = 500;

  private final Predicate<ApiClient.LogEvent> consumer;
  private long position;
  private boolean done;
  private int lost;

  EventReader(long after, Predicate<ApiClient.LogEvent> consumer) {
    this.position = after;
    this.consumer = consumer;
  }

  long position() {
    return position;
  }

  boolean isDone() {
    return done;
  }

  /** Until the stream ends, or the consumer has enough. */
  void read(BufferedReader lines) throws IOException {
    String type = "";
    String data = "";
    for (String line = lines.readLine(); line != null && !done; line = lines.readLine()) {
      lost = 0;
      if (line.startsWith("event:")) {
        type = line.substring(6).strip();
      } else if (line.startsWith("data:")) {
        data = line.substring(5).strip();
      } else if (line.isEmpty() && !data.isEmpty()) {
        take(type, data);
        type = "";
        data = "";
      }
    }
  }

  private void take(String type, String data) throws IOException {
    JsonNode json = JSON.readTree(data);
    if (!json.has("position")) {
      return; // cut off: come again from the last position
    }
    position = json.get("position").asLong();
    done = !consumer.test(new ApiClient.LogEvent(position, type, json));
  }

  /** The connection is gone: another try, but not for ever. */
  void lost(URI address, IOException why) {
    if (++lost > MAX_LOST) {
      throw new UnreachableException(address, ApiClient.why(why), why);
    }
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      done = true;
    }
  }
}
