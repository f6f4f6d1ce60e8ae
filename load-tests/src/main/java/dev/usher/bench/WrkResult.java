package dev.usher.bench;

import java.util.HashMap;
import java.util.Map;

/**
 * What one run of wrk has seen; durations and latencies in microseconds.
 *
 * @param requests answers that came, of any status
 * @param socketErrors connections refused, reads and writes broken, answers that came too late
 * @param failedStatus answers of 400 and above
 */
record WrkResult(
    long requests,
    long durationMicros,
    long p50Micros,
    long p99Micros,
    long maxMicros,
    long socketErrors,
    long failedStatus) {
  private static final String LINE = "BENCH ";

  /** Answers a second. */
  double perSecond() {
    return requests * 1e6 / durationMicros;
  }

  /**
   * Finds the line of {@code showpass.lua} in wrk's output.
   *
   * @throws IllegalArgumentException when it is not there or not whole
   */
  static WrkResult parse(String output) {
    String line =
        output
            .lines()
            .filter(candidate -> candidate.startsWith(LINE))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("wrk gave no result:\n" + output));
    Map<String, Long> values = new HashMap<>();
    for (String pair : line.substring(LINE.length()).strip().split(" ", -1)) {
      int equals = pair.indexOf('=');
      values.put(pair.substring(0, equals), Long.parseLong(pair.substring(equals + 1)));
    }
    return new WrkResult(
        value(values, "requests"),
        value(values, "duration"),
        value(values, "p50"),
        value(values, "p99"),
        value(values, "max"),
        value(values, "connect")
            + value(values, "read")
            + value(values, "write")
            + value(values, "timeout"),
        value(values, "status"));
  }

  private static long value(Map<String, Long> values, String name) {
    Long value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException("wrk's result lacks '" + name + "'");
    }
    return value;
  }
}
