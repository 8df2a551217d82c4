package io.mammatus.platform.config;

import java.lang.reflect.AnnotatedElement;

/** What the annotations of a component ask of each of its values. */
final class Rules {

  private final Scalars scalars;

  Rules(Scalars scalars) {
    this.scalars = scalars;
  }

  /**
   * Checks one value.
   *
   * @param text as the file has it
   * @throws IllegalArgumentException with a sentence
   */
  void check(Object value, String text, AnnotatedElement component) {
    Range range = component.getAnnotation(Range.class);
    if (range != null
        && (compare(value, range.min(), value.getClass()) < 0
            || compare(value, range.max(), value.getClass()) > 0)) {
      throw new IllegalArgumentException(
          "takes from %s to %s, not %s".formatted(range.min(), range.max(), text));
    }
    Matches matches = component.getAnnotation(Matches.class);
    if (matches != null && !text.matches(matches.value())) {
      throw new IllegalArgumentException("takes %s, not %s".formatted(matches.noun(), text));
    }
  }

  @SuppressWarnings("unchecked") // the bound is read as the value's own type
  private int compare(Object value, String bound, Class<?> type) {
    return ((Comparable<Object>) value).compareTo(scalars.read(bound, type));
  }
}
