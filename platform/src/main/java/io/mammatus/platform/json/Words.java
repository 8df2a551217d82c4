package io.mammatus.platform.json;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Names as people write them, and the nearest to a mistyped one. */
public final class Words {

  private Words() {}

  /** {@code READ_ONLY} and {@code ReadOnly} as {@code read-only}. */
  public static String hyphenated(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** The known name that {@code name} was probably meant to be, if any is near. */
  public static Optional<String> nearest(String name, Collection<String> known) {
    String bare = bare(name);
    int limit = Math.max(1, bare.length() / 3);
    return known.stream()
        .min(Comparator.comparingInt(candidate -> distance(bare, bare(candidate))))
        .filter(candidate -> distance(bare, bare(candidate)) <= limit);
  }

  private static String bare(String name) {
    return name.replaceAll("[-_ ]", "").toLowerCase(Locale.ROOT);
  }

  /** Levenshtein's distance: insertions, deletions and replacements from one to the other. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
