package dev.usher.bench;

import java.util.Collection;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** One figure over all rounds. */
record Range(double least, double median, double most) {

  /** Of at least one measurement. */
  static Range of(Collection<Measurement> measurements, ToDoubleFunction<Measurement> figure) {
    double[] sorted = measurements.stream().mapToDouble(figure).sorted().toArray();
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Range(sorted[0], median, sorted[sorted.length - 1]);
  }

  /** The median, and behind it the least and the most where they differ in print. */
  String print(String format) {
    String from = String.format(Locale.ROOT, format, least);
    String to = String.format(Locale.ROOT, format, most);
    String middle = String.format(Locale.ROOT, format, median);
    return from.equals(to) ? middle : middle + " (" + from + "–" + to + ")";
  }
}
