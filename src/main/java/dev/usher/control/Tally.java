package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.LatencyBuckets;
import org.jspecify.annotations.Nullable;

/** Numbers of some time, added up. Not thread-safe. */
final class Tally {
  private final long[] latency = new long[LatencyBuckets.COUNT];
  private long events;
  private long succeeded;
  private long failed;
  private long givenUp;

  /** As {@link PostgresStatistics} reads them. */
  record Counts(long events, long succeeded, long failed, long givenUp, Long[] latency) {}

  void add(Counts counts) {
    events += counts.events();
    succeeded += counts.succeeded();
    failed += counts.failed();
    givenUp += counts.givenUp();
    for (int i = 0; i < Math.min(latency.length, counts.latency().length); i++) {
      latency[i] += counts.latency()[i];
    }
  }

  ObjectNode putInto(ObjectNode json, boolean withEvents) {
    if (withEvents) {
      json.put("events", events);
    }
    return json.put("succeeded", succeeded)
        .put("failed", failed)
        .put("given_up", givenUp)
        .put("p50_ms", millis(0.5))
        .put("p99_ms", millis(0.99));
  }

  private @Nullable Long millis(double q) {
    double millis = LatencyBuckets.quantileMillis(latency, q);
    return millis < 0 ? null : Math.round(millis);
  }
}
