package dev.usher.watch;

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
  // A partition is named by its first day; one of keys holds three days.
  private static final String OLDEST_PARTITION =
      """
      SELECT extract(epoch FROM (now() AT TIME ZONE 'UTC')
               - min(to_date(right(c.relname, 8), 'YYYYMMDD')
                     + CASE i.inhparent WHEN 'idempotency_keys'::regclass THEN 3 ELSE 1 END))::float8
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent IN ('events'::regclass, 'attempts'::regclass, 'idempotency_keys'::regclass)
        AND c.relname ~ '_[0-9]{8}$'\
      """;

  private final Pool pool;
  private final Duration retention;

  /**
   * @param retention after which partitions are to be dropped
   */
  public PostgresState(Pool pool, Duration retention) {
    this.pool = pool;
    this.retention = retention;
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
    return within(TIMEOUT, pool.query(OLDEST_PARTITION).execute())
        .map(
            rows -> {
              Double age = rows.iterator().next().getDouble(0); // null: there is no partition
              return seconds(age == null ? 0 : age - retention.toSeconds());
            });
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis(Math.max(0, Math.round(seconds * 1_000)));
  }

  private static <T> Future<T> within(Duration time, Future<T> answer) {
    return answer.timeout(time.toMillis(), TimeUnit.MILLISECONDS);
  }
}
