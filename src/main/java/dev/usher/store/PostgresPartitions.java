package dev.usher.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions of the days to come, so that the first event of a day finds them. Every node
 * does it; the database sees to it that it is done once.
 */
public final class PostgresPartitions {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresPartitions.class);
  private static final Duration INTERVAL = Duration.ofMinutes(30);

  /** Days made ahead: a database that nobody tends for two days still takes events. */
  private static final int DAYS_AHEAD = 3;

  private final Vertx vertx;
  private final Pool pool;
  private final InstantSource clock;
  private long timer;

  public PostgresPartitions(Vertx vertx, Pool pool, InstantSource clock) {
    this.vertx = vertx;
    this.pool = pool;
    this.clock = clock;
  }

  public void start() {
    timer = vertx.setPeriodic(0, INTERVAL.toMillis(), _ -> create());
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  private void create() {
    LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    Future<?> made = Future.succeededFuture();
    for (int day = 0; day <= DAYS_AHEAD; day++) {
      LocalDate wanted = today.plusDays(day);
      made =
          made.compose(
              _ -> pool.preparedQuery("SELECT create_partitions($1)").execute(Tuple.of(wanted)));
    }
    made.onFailure(failure -> LOG.warn("Partitions cannot be made: {}", failure.toString()));
  }
}
