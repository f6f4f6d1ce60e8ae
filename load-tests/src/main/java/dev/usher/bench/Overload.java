package dev.usher.bench;

import java.util.List;

/**
 * Subject (b) at three times of what it takes at most.
 *
 * @param capacity events a second that it took from wrk just before
 * @param residentMib of the gateway through the overload, in order
 */
record Overload(double capacity, OpenRun run, List<Double> residentMib) {

  double goodputShare() {
    return run.goodput() / capacity;
  }

  /** The most of the first half, and of the second. */
  double residentMost(boolean secondHalf) {
    int middle = residentMib.size() / 2;
    return (secondHalf
            ? residentMib.subList(middle, residentMib.size())
            : residentMib.subList(0, middle))
        .stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
  }

  String markdown(String environment) {
    return """

    | (b) overloaded, open model%s | |
    |---|---|
    | capacity, from wrk just before | %,.0f events/s |
    | offered | %,d events/s for %d s: %,d due, %,d sent (the rest found no connection) |
    | accepted meanwhile | %,.0f events/s, %.0f %% of the capacity; p99 from sending %.0f ms |
    | refused with 503 | %,d; p99 %.1f ms |
    | neither | %,d |
    | resident: most of the first half, of the second | %.0f MiB, %.0f MiB |
    """
        .formatted(
            environment,
            capacity,
            run.rate(),
            run.seconds(),
            run.due(),
            run.sent(),
            run.goodput(),
            100 * goodputShare(),
            run.sentP99Millis(),
            run.refused(),
            run.refusedP99Millis(),
            run.others(),
            residentMost(false),
            residentMost(true));
  }
}
