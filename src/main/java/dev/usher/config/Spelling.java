package dev.usher.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody probably meant. */
final class Spelling {
  private Spelling() {}

  /**
   * The one of {@code known} that takes the fewest edits to reach, where leaving out its first part
   * counts as one; of several the first.
   */
  static String nearest(String given, Collection<String> known) {
    return known.stream().min(Comparator.comparingInt(name -> distance(given, name))).orElse("");
  }

  private static int distance(String given, String name) {
    String lastPart = name.substring(name.indexOf('.') + 1);
    return Math.min(edits(given, name), edits(given, lastPart) + 1);
  }

  /** Characters to insert, delete or replace (Levenshtein's distance). */
  private static int edits(String from, String to) {
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
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
