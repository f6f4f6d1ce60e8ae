package dev.usher.bench;

import java.util.Optional;
import java.util.OptionalDouble;

/** Measurements for tests: what a test does not name has a value that is plausible. */
final class Samples {
  private Samples() {}

  static Measurement bare(double perSecond, double cpuMicros) {
    return measurement(perSecond, cpuMicros, 0, Optional.empty());
  }

  static Measurement usher(double perSecond, double cpuMicros, double postgresMicros) {
    return measurement(
        perSecond,
        cpuMicros,
        postgresMicros,
        Optional.of(new Measurement.Inside(120, 1.4, 5.5, 60, 1.04, 1.02, Double.NaN)));
  }

  private static Measurement measurement(
      double perSecond,
      double cpuMicros,
      double postgresMicros,
      Optional<Measurement.Inside> inside) {
    return new Measurement(
        perSecond,
        OptionalDouble.empty(),
        5,
        20,
        cpuMicros,
        1,
        postgresMicros,
        0,
        180,
        9,
        0.1,
        0.25,
        inside);
  }

  static OpenRun open(
      int rate, int seconds, long inTime, long refused, double p99, double refusedP99) {
    long due = (long) rate * seconds;
    return new OpenRun(
        rate, seconds, due, due, due - refused, inTime, refused, 0, 5, p99, p99, refusedP99);
  }
}
