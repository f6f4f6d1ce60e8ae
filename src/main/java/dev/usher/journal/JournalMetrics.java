package dev.usher.journal;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** The journal's meters, over all event loops of the process. */
public final class JournalMetrics {
  private final Timer commits;
  private final DistributionSummary batches;
  private final LongAdder buffered = new LongAdder();
  private final MeterRegistry registry;

  public JournalMetrics(MeterRegistry registry) {
    this.registry = registry;
    commits =
        Timer.builder("usher.journal.commit")
            .description("Writing one batch, until its commit is answered")
            .serviceLevelObjectives(
                millis(1),
                millis(2),
                millis(5),
                millis(10),
                millis(20),
                millis(50),
                millis(100),
                millis(250),
                millis(500),
                millis(1_000),
                millis(2_500),
                millis(10_000))
            .register(registry);
    batches =
        DistributionSummary.builder("usher.journal.batch.events")
            .description("Events in a batch")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 4_096)
            .register(registry);
    Gauge.builder("usher.journal.buffered.events", buffered, LongAdder::doubleValue)
        .description("Events that wait for a commit")
        .register(registry);
  }

  /**
   * Tells beside what waits how much may.
   *
   * @param events that the buffers of all event loops hold together
   */
  public void holdsAtMost(long events) {
    Gauge.builder("usher.journal.buffer.limit.events", () -> events)
        .description("Events that may wait for a commit; more are answered 503")
        .register(registry);
  }

  void committed(int events, long nanos) {
    commits.record(nanos, TimeUnit.NANOSECONDS);
    batches.record(events);
  }

  void buffered(int difference) {
    buffered.add(difference);
  }

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }
}
