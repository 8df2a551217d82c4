package io.mammatus.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows under headings, in columns as wide as their widest cell. */
final class Table {

  private static final String GAP = "   ";

  private final List<String> headings;
  private final int[] widths;
  private final List<List<String>> rows = new ArrayList<>();

  Table(List<String> headings) {
    this.headings = headings;
    this.widths = headings.stream().mapToInt(String::length).toArray();
  }

  void add(List<String> row) {
    rows.add(row);
    for (int i = 0; i < widths.length; i++) {
      widths[i] = Math.max(widths[i], row.get(i).length());
    }
  }

  /** The headings and all rows. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line(headings));
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  /** A further row in the same columns. */
  String line(List<String> row) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.size(); i++) {
      String cell = row.get(i);
      line.append(cell).append(" ".repeat(Math.max(0, widths[i] - cell.length()))).append(GAP);
    }
    return line.toString().stripTrailing();
  }
}
