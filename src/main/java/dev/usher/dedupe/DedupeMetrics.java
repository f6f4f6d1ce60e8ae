package dev.usher.dedupe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts look-ups of idempotency keys. */
public final class DedupeMetrics {
  private final Counter hits;
  private final Counter misses;
  private final Counter unavailable;

  public DedupeMetrics(MeterRegistry registry) {
    hits = lookups(registry, "hit");
    misses = lookups(registry, "miss");
    unavailable = lookups(registry, "unavailable");
  }

  private static Counter lookups(MeterRegistry registry, String result) {
    return Counter.builder("usher.dedupe.lookups")
        .description("Idempotency keys looked up in Redis before the journal is asked")
        .tag("result", result)
        .register(registry);
  }

  void found(int hits, int misses) {
    this.hits.increment(hits);
    this.misses.increment(misses);
  }

  void unavailable(int lookups) {
    unavailable.increment(lookups);
  }
}
