package io.mammatus.control.api;

import io.mammatus.core.resource.Resource;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a request demands of the version (RFC 9110, section 13.1). */
final class Preconditions {

  private static final Pattern ETAG = Pattern.compile("\"([0-9]{1,18})\"");

  private Preconditions() {}

  static String etag(Resource<?, ?> resource) {
    return "\"" + resource.metadata().version() + "\"";
  }

  /**
   * The version that it must have; 0 if it must not exist; absent if anything goes.
   *
   * @throws ProblemException if a header cannot be read
   */
  static Optional<Long> version(HttpServerRequest request) {
    String match = request.getHeader("If-Match");
    String none = request.getHeader("If-None-Match");
    if (none != null) {
      if (!none.strip().equals("*")) {
        throw Problem.field("If-None-Match", "only * is understood here").exception();
      }
      return Optional.of(0L);
    }
    if (match == null) {
      return Optional.empty();
    }
    Matcher etag = ETAG.matcher(match.strip());
    if (!etag.matches()) {
      throw Problem.field("If-Match", "give the ETag of an earlier answer, such as \"17\"")
          .exception();
    }
    return Optional.of(Long.parseLong(etag.group(1)));
  }
}
