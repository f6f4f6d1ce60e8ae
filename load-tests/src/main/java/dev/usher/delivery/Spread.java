package dev.usher.delivery;

import java.util.List;
import java.util.Locale;

/** The median, the least and the most of some figures. */
record Spread(double median, double least, double most) {
  static Spread of(List<Double> figures) {
    List<Double> sorted = figures.stream().sorted().toList();
    return new Spread(sorted.get(sorted.size() / 2), sorted.getFirst(), sorted.getLast());
  }

  /**
   * For example {@code 17.2 (15.9–18.4)}.
   *
   * @param format of one figure
   */
  String print(String format) {
    return String.format(
        Locale.ROOT, format + " (" + format + "–" + format + ")", median, least, most);
  }
}
