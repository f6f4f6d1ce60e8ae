package dev.usher.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The CPU of an accepted event as one condition grows, everything else as it is. */
final class Growth {
  private static final List<Integer> CONNECTIONS = List.of(64, 256, 1_024);
  private static final int FEW_ENDPOINTS = 10;

  /** One condition at one value. */
  record Step(Condition condition, int value) {}

  private final Map<Step, List<Measurement>> measured = new LinkedHashMap<>();

  /** What is measured, in the order of a round. */
  static List<Step> steps(BenchOptions.Most most) {
    List<Step> steps = new ArrayList<>();
    CONNECTIONS.forEach(value -> steps.add(new Step(Condition.CONNECTIONS, value)));
    steps.add(new Step(Condition.ENDPOINTS, FEW_ENDPOINTS));
    steps.add(new Step(Condition.ENDPOINTS, most.endpoints()));
    steps.add(new Step(Condition.ROWS, 0));
    steps.add(new Step(Condition.ROWS, most.rows()));
    return steps;
  }

  void add(Step step, Measurement measurement) {
    measured.computeIfAbsent(step, _ -> new ArrayList<>()).add(measurement);
  }

  /**
   * By how much the greatest median of a condition is above its least, 0.15 being 15 %.
   *
   * @return NaN where less than two steps were measured
   */
  double spread(Condition condition, boolean withStores) {
    double[] medians =
        measured.entrySet().stream()
            .filter(each -> each.getKey().condition == condition)
            .mapToDouble(each -> median(each.getValue(), withStores))
            .toArray();
    if (medians.length < 2) {
      return Double.NaN;
    }
    Range range = Range.of(medians);
    return range.most() / range.least() - 1;
  }

  /** The greatest of all spreads. */
  double worst(boolean withStores) {
    return measured.keySet().stream()
        .map(Step::condition)
        .distinct()
        .mapToDouble(condition -> spread(condition, withStores))
        .max()
        .orElse(Double.NaN);
  }

  private static double median(List<Measurement> of, boolean withStores) {
    return Range.of(of, withStores ? Measurement::totalMicros : Measurement::cpuMicros).median();
  }

  boolean isEmpty() {
    return measured.isEmpty();
  }

  String markdown() {
    StringBuilder text =
        new StringBuilder(
            """

            | growth, (b) | events/s | CPU µs an event | with Postgres and Redis |
            |---|---|---|---|
            """);
    measured.forEach(
        (step, of) ->
            text.append(
                "| %,d %s | %s | %s | %s |%n"
                    .formatted(
                        step.value,
                        step.condition.option(),
                        Range.of(of, Measurement::eventsPerSecond).print("%,.0f"),
                        Range.of(of, Measurement::cpuMicros).print("%.1f"),
                        Range.of(of, Measurement::totalMicros).print("%.1f"))));
    measured.keySet().stream()
        .map(Step::condition)
        .distinct()
        .forEach(
            condition ->
                text.append(
                    "| most to least, %s | | +%.0f %% | +%.0f %% |%n"
                        .formatted(
                            condition.option(),
                            100 * spread(condition, false),
                            100 * spread(condition, true))));
    return text.toString();
  }
}
