package dev.usher.watch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the stores at intervals and keeps their answers for the next scrape. Each question waits for
 * its last answer, so that a slow store is asked less often. One for each node.
 */
public final class StoreWatch {
  private static final Logger LOG = LoggerFactory.getLogger(StoreWatch.class);
  private static final Duration ROUND_TRIPS = Duration.ofSeconds(5);
  private static final Duration BACKLOG = Duration.ofSeconds(15);
  private static final Duration PARTITIONS = Duration.ofMinutes(5);

  private final Vertx vertx;
  private final StoreState postgres;
  private final Supplier<Future<?>> redis;
  private final StoreMetrics metrics;
  private volatile boolean stopped;

  /**
   * @param redis asks Redis the simplest question, on each event loop's own connection
   */
  public StoreWatch(
      Vertx vertx, StoreState postgres, Supplier<Future<?>> redis, StoreMetrics metrics) {
    this.vertx = vertx;
    this.postgres = postgres;
    this.redis = redis;
    this.metrics = metrics;
  }

  /** Asks everything at once, and then at its interval. */
  public void start() {
    repeat(ROUND_TRIPS, this::pingPostgres);
    repeat(ROUND_TRIPS, this::pingRedis);
    repeat(BACKLOG, this::readBacklog);
    repeat(PARTITIONS, this::readPartitions);
  }

  public void stop() {
    stopped = true;
  }

  private void repeat(Duration interval, Supplier<Future<?>> question) {
    if (!stopped) {
      question
          .get()
          .onComplete(_ -> vertx.setTimer(interval.toMillis(), _ -> repeat(interval, question)));
    }
  }

  private Future<?> pingPostgres() {
    long asked = System.nanoTime();
    return postgres
        .ping()
        .onComplete(
            _ -> metrics.postgresAnswered(System.nanoTime() - asked),
            _ -> metrics.postgresIsAway()); // the gauge says it; the journal logs what it means
  }

  private Future<?> pingRedis() {
    long asked = System.nanoTime();
    return redis.get().onSuccess(_ -> metrics.redisAnswered(System.nanoTime() - asked));
  }

  private Future<?> readBacklog() {
    return postgres
        .backlog()
        .onComplete(
            metrics::waiting,
            failure -> {
              metrics.waitingIsUnknown();
              LOG.debug("What is due cannot be counted: {}", failure.toString());
            });
  }

  private Future<?> readPartitions() {
    return postgres
        .overdue()
        .onComplete(
            metrics::overdue,
            failure -> {
              metrics.overdueIsUnknown();
              LOG.debug("Partitions cannot be listed: {}", failure.toString());
            });
  }
}
