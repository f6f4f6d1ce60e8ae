package dev.usher.bench;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** One figure over all rounds. */
record Range(double least, double median, double most) {

  /** Of at least one measurement. */
  static Range of(Collection<Measurement> measurements, ToDoubleFunction<Measurement> figure) {
    return of(measurements.stream().mapToDouble(figure).toArray());
  }

  /** Of at least one number. */
  static Range of(double[] numbers) {
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Range(sorted[0], median, sorted[sorted.length - 1]);
  }

  /** Of those measurements that have the figure; empty where none has. */
  static Optional<Range> ofInside(
      Collection<Measurement> measurements, ToDoubleFunction<Measurement.Inside> figure) {
    double[] numbers =
        measurements.stream()
            .flatMap(each -> each.inside().stream())
            .mapToDouble(figure)
            .filter(number -> !Double.isNaN(number))
            .toArray();
    return numbers.length == 0 ? Optional.empty() : Optional.of(of(numbers));
  }

  /** The median, and behind it the least and the most where they differ in print. */
  String print(String format) {
    String from = String.format(Locale.ROOT, format, least);
    String to = String.format(Locale.ROOT, format, most);
    String middle = String.format(Locale.ROOT, format, median);
    return from.equals(to) ? middle : middle + " (" + from + "–" + to + ")";
  }
}
