package dev.usher.watch;

import dev.usher.store.PostgresRetention;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Asks Postgres. Every question reads a bounded number of index entries. */
public final class PostgresState implements StoreState {
  /** Deliveries counted at most: a longer backlog is long enough to act on. */
  static final int MOST_COUNTED = 100_000;

  /** Endpoints with something waiting that are looked at. */
  private static final int MOST_ENDPOINTS = 10_000;

  private static final Duration PING_TIMEOUT = Duration.ofSeconds(2);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final String BACKLOG = Sql.read(PostgresState.class, "backlog.sql");
  private static final String LONGEST_OVERDUE =
      "SELECT extract(epoch FROM (now() AT TIME ZONE 'UTC') - min(due))::float8 FROM (\n"
          + Sql.read(PostgresRetention.class, "overdue.sql")
          + ") overdue";

  private final Pool pool;
  private final Duration retention;
  private final Duration keysRemembered;

  /**
   * @param retention after which events and attempts are to be dropped
   * @param keysRemembered how long an idempotency key is
   */
  public PostgresState(Pool pool, Duration retention, Duration keysRemembered) {
    this.pool = pool;
    this.retention = retention;
    this.keysRemembered = keysRemembered;
  }

  @Override
  public Future<Void> ping() {
    return within(PING_TIMEOUT, pool.query("SELECT 1").execute()).mapEmpty();
  }

  @Override
  public Future<Backlog> backlog() {
    return within(
            TIMEOUT, pool.preparedQuery(BACKLOG).execute(Tuple.of(MOST_ENDPOINTS, MOST_COUNTED)))
        .map(
            rows -> {
              Row row = rows.iterator().next();
              return new Backlog(row.getLong(0), seconds(row.getDouble(1)), row.getInteger(2));
            });
  }

  @Override
  public Future<Duration> overdue() {
    return within(
            TIMEOUT,
            pool.preparedQuery(LONGEST_OVERDUE)
                .execute(Tuple.of(retention.toSeconds(), keysRemembered.toSeconds())))
        .map(
            rows -> {
              Double longest = rows.iterator().next().getDouble(0); // null: none is overdue
              return seconds(longest == null ? 0 : longest);
            });
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
  }

  private static <T> Future<T> within(Duration time, Future<T> answer) {
    return answer.timeout(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
