package io.mammatus.pxe.httpboot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** RFC 9110, sections 13 and 14. */
class FileAnswerTest {

  private static final FileAnswer WHOLE = new FileAnswer.Whole();
  private static final FileAnswer KNOWN = new FileAnswer.NotModified();
  private static final FileAnswer OTHER = new FileAnswer.PreconditionFailed();
  private static final String DATE = "Fri, 20 Nov 2026 12:00:00 GMT";
  private static final String BEFORE = "Fri, 20 Nov 2026 11:59:59 GMT";
  private static final FileAnswer.File FOR_EVER =
      new FileAnswer.File(100, "\"a\"", Optional.empty());
  private static final FileAnswer.File CHANGING =
      new FileAnswer.File(100, "\"a\"", Optional.of(Instant.parse("2026-11-20T12:00:00.5Z")));

  @Test
  void aRangeIsAPart() {
    assertThat(get("Range", "bytes=10-19")).isEqualTo(new FileAnswer.Part(10, 19));
    assertThat(get("Range", "bytes=90-")).isEqualTo(new FileAnswer.Part(90, 99));
    assertThat(get("Range", "bytes=-10")).isEqualTo(new FileAnswer.Part(90, 99));
    assertThat(get("Range", "bytes=100-")).isEqualTo(new FileAnswer.Unsatisfiable());
    assertThat(get("Range", "bytes=1-2,4-5")).isEqualTo(WHOLE);
    assertThat(get("Range", "lines=1-2")).isEqualTo(WHOLE);
    assertThat(decide(false, FOR_EVER, "Range", "bytes=10-19")).isEqualTo(WHOLE);
  }

  @Test
  void whoHasItIsToldSo() {
    assertThat(get("If-None-Match", "\"a\"")).isEqualTo(KNOWN);
    assertThat(get("If-None-Match", "\"x\", W/\"a\"")).isEqualTo(KNOWN);
    assertThat(get("If-None-Match", "*")).isEqualTo(KNOWN);
    assertThat(get("If-None-Match", "\"x\"")).isEqualTo(WHOLE);
    // a condition that fails comes before the range
    assertThat(get("If-None-Match", "\"a\"", "Range", "bytes=0-1")).isEqualTo(KNOWN);
  }

  @Test
  void datesCountWhereThereIsOne() {
    assertThat(decide(true, CHANGING, "If-Modified-Since", DATE)).isEqualTo(KNOWN);
    assertThat(decide(true, CHANGING, "If-Modified-Since", BEFORE)).isEqualTo(WHOLE);
    assertThat(decide(true, CHANGING, "If-Modified-Since", "yesterday")).isEqualTo(WHOLE);
    assertThat(decide(true, CHANGING, "If-Modified-Since", DATE, "If-None-Match", "\"x\""))
        .isEqualTo(WHOLE);
    assertThat(get("If-Modified-Since", DATE)).isEqualTo(WHOLE);
    assertThat(decide(true, CHANGING, "If-Unmodified-Since", BEFORE)).isEqualTo(OTHER);
    assertThat(decide(true, CHANGING, "If-Unmodified-Since", DATE)).isEqualTo(WHOLE);
    assertThat(FileAnswer.date(Instant.parse("2026-11-20T12:00:00.5Z"))).isEqualTo(DATE);
  }

  @Test
  void theRestOfAnotherFileIsNeverSent() {
    FileAnswer part = new FileAnswer.Part(10, 99);
    assertThat(get("Range", "bytes=10-", "If-Range", "\"a\"")).isEqualTo(part);
    assertThat(get("Range", "bytes=10-", "If-Range", "\"x\"")).isEqualTo(WHOLE);
    assertThat(get("Range", "bytes=10-", "If-Range", "W/\"a\"")).isEqualTo(WHOLE);
    assertThat(decide(true, CHANGING, "Range", "bytes=10-", "If-Range", DATE)).isEqualTo(part);
    assertThat(decide(true, CHANGING, "Range", "bytes=10-", "If-Range", BEFORE)).isEqualTo(WHOLE);
    assertThat(get("If-Match", "\"x\"")).isEqualTo(OTHER);
    assertThat(get("If-Match", "W/\"a\"")).isEqualTo(OTHER);
    assertThat(get("If-Match", "\"x\", \"a\"")).isEqualTo(WHOLE);
  }

  /** RFC 9110, section 5.6.7: two obsolete forms have to be understood. */
  @Test
  void datesHaveThreeForms() {
    for (String date :
        new String[] {
          "Sun, 06 Nov 1994 08:49:37 GMT",
          "Sunday, 06-Nov-94 08:49:37 GMT",
          "Sun Nov  6 08:49:37 1994"
        }) {
      FileAnswer.File older =
          new FileAnswer.File(100, "\"a\"", Optional.of(Instant.parse("1994-11-06T08:49:37Z")));
      FileAnswer.File newer =
          new FileAnswer.File(100, "\"a\"", Optional.of(Instant.parse("1994-11-06T08:49:38Z")));
      assertThat(decide(true, older, "If-Modified-Since", date))
          .as(date)
          .isEqualTo(new FileAnswer.NotModified());
      assertThat(decide(true, newer, "If-Modified-Since", date)).as(date).isEqualTo(WHOLE);
    }
  }

  private static FileAnswer get(String... headers) {
    return decide(true, FOR_EVER, headers);
  }

  private static FileAnswer decide(boolean get, FileAnswer.File file, String... headers) {
    Map<String, String> all =
        headers.length == 2
            ? Map.of(headers[0], headers[1])
            : Map.of(headers[0], headers[1], headers[2], headers[3]);
    return FileAnswer.decide(
        new FileAnswer.Asked(
            get,
            Optional.ofNullable(all.get("Range")),
            Optional.ofNullable(all.get("If-Range")),
            Optional.ofNullable(all.get("If-Match")),
            Optional.ofNullable(all.get("If-None-Match")),
            Optional.ofNullable(all.get("If-Modified-Since")),
            Optional.ofNullable(all.get("If-Unmodified-Since"))),
        file);
  }
}
