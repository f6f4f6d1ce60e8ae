package dev.usher.watch;

import dev.usher.watch.StoreState.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import java.util.stream.LongStream;

/**
 * The meters of what the stores hold and whether they answer. A value that is not known, because
 * nobody could be asked, is {@code NaN} and never an old one.
 */
public final class StoreMetrics {
  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private final Timer postgres;
  private final Timer redis;
  private volatile double postgresUp = Double.NaN;
  private volatile double due = Double.NaN;
  private volatile double oldestSeconds = Double.NaN;
  private volatile double late = Double.NaN;
  private volatile double overdueSeconds = Double.NaN;

  /**
   * @param redisUp whether every event loop has its connection to Redis; asked at each scrape
   */
  public StoreMetrics(MeterRegistry registry, BooleanSupplier redisUp) {
    postgres = roundTrips(registry, "postgres", "A SELECT 1, with the wait for a connection");
    redis = roundTrips(registry, "redis", "A PING on an event loop's own connection");
    gauge(registry, "usher.postgres.up", "", () -> postgresUp, "Whether Postgres answers: 1 or 0");
    gauge(
        registry,
        "usher.redis.up",
        "",
        () -> redisUp.getAsBoolean() ? 1 : 0,
        "Whether every event loop is connected to Redis: 1 or 0");
    gauge(
        registry,
        "usher.deliveries.due",
        "",
        () -> due,
        "Due deliveries that wait in the table for active endpoints, over all nodes: every node"
            + " tells the same number, up to 100000");
    gauge(
        registry,
        "usher.deliveries.oldest.due",
        "seconds",
        () -> oldestSeconds,
        "How long the oldest of them has been due, over all nodes");
    gauge(
        registry,
        "usher.endpoints.late",
        "",
        () -> late,
        "Active endpoints whose oldest waiting delivery has been due for 5 minutes, over all"
            + " nodes");
    gauge(
        registry,
        "usher.partitions.overdue",
        "seconds",
        () -> overdueSeconds,
        "How long ago the oldest partition should have been dropped; 0: none is overdue");
  }

  private static Timer roundTrips(MeterRegistry registry, String store, String description) {
    return Timer.builder("usher." + store + ".round.trip")
        .description(description)
        .serviceLevelObjectives(BUCKETS)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, String name, String unit, DoubleSupplier value, String description) {
    Gauge.builder(name, value::getAsDouble)
        .description(description)
        .baseUnit(unit.isEmpty() ? null : unit)
        .register(registry);
  }

  void postgresAnswered(long nanos) {
    postgresUp = 1;
    postgres.record(nanos, TimeUnit.NANOSECONDS);
  }

  void postgresIsAway() {
    postgresUp = 0;
  }

  void redisAnswered(long nanos) {
    redis.record(nanos, TimeUnit.NANOSECONDS);
  }

  void waiting(Backlog backlog) {
    due = backlog.due();
    oldestSeconds = seconds(backlog.oldest());
    late = backlog.late();
  }

  void waitingIsUnknown() {
    due = Double.NaN;
    oldestSeconds = Double.NaN;
    late = Double.NaN;
  }

  void overdue(Duration time) {
    overdueSeconds = seconds(time);
  }

  void overdueIsUnknown() {
    overdueSeconds = Double.NaN;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
