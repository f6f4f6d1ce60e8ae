package dev.usher.watch;

import dev.usher.event.LatencyBuckets;
import dev.usher.event.UuidV7;
import dev.usher.store.Sql;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The statistics in Postgres. How far they have come stands in one row, which is locked while
 * somebody counts and changed in the same transaction: nothing is counted twice or left out.
 */
public final class PostgresRollUp {
  /** A row has its id when it is made, and is there when its batch is committed. */
  private static final Duration FRESH_AFTER = Duration.ofSeconds(3);

  /** Longer than an attempt and a statement may take: nothing comes later. */
  private static final Duration SETTLED_AFTER = Duration.ofMinutes(2);

  private static final Duration MINUTES_KEPT = Duration.ofHours(25);
  private static final Duration HOURS_KEPT = Duration.ofDays(32);
  private static final int ROWS_DELETED = 5_000;

  private static final String COUNT =
      Sql.read(PostgresRollUp.class, "count.sql")
          .formatted(
              IntStream.range(0, LatencyBuckets.COUNT)
                  .mapToObj(i -> "count(*) FILTER (WHERE bucket = " + i + ")")
                  .collect(Collectors.joining(", ")));
  private static final String OLDEST_DUE = Sql.read(PostgresRollUp.class, "oldest_due.sql");

  /** With something waiting. As many as {@link PostgresState} looks at. */
  private static final int MOST_ENDPOINTS = 10_000;

  private static final String HOURS = Sql.read(PostgresRollUp.class, "hours.sql");

  private static final Long[] BOUNDS =
      Arrays.stream(LatencyBuckets.boundsMillis()).boxed().toArray(Long[]::new);

  private final Pool pool;
  private final InstantSource clock;

  public PostgresRollUp(Pool pool, InstantSource clock) {
    this.pool = pool;
    this.clock = clock;
  }

  private record Progress(Instant settledUntil, Instant freshUntil) {}

  /**
   * Counts what there is to count by now.
   *
   * @param minutes how many are counted for good at most, from 1
   * @return whether there are more of these; false too where another node is at it
   */
  public Future<Boolean> step(int minutes) {
    return pool.withTransaction(
        connection ->
            connection
                .query("SELECT * FROM statistics_progress FOR UPDATE SKIP LOCKED")
                .execute()
                .compose(
                    rows ->
                        rows.size() == 0
                            ? Future.succeededFuture(false)
                            : step(connection, progress(rows.iterator().next()), minutes)));
  }

  private Future<Boolean> step(SqlConnection connection, Progress progress, int minutes) {
    Instant now = clock.instant();
    Instant settled = progress.settledUntil();
    Instant due = now.minus(SETTLED_AFTER).truncatedTo(ChronoUnit.MINUTES);
    if (settled.isBefore(due)) {
      Instant wanted = settled.plus(minutes, ChronoUnit.MINUTES);
      Instant to = wanted.isBefore(due) ? wanted : due;
      return settle(connection, settled, to)
          .compose(_ -> deleteOld(connection, now))
          .map(_ -> true); // at least what is fresh is to be done
    }
    Instant fresh = progress.freshUntil();
    Instant to = now.minus(FRESH_AFTER);
    return to.isAfter(fresh)
        ? count(connection, fresh, to)
            .compose(_ -> noteOldestDue(connection, now))
            .compose(_ -> advance(connection, "fresh_until = $1", to))
            .map(false)
        : Future.succeededFuture(false);
  }

  /** In place of what was counted before. */
  private static Future<Void> settle(SqlConnection connection, Instant from, Instant to) {
    Tuple span = Tuple.of(utc(from), utc(to));
    return connection
        .preparedQuery("DELETE FROM statistics_by_minute WHERE at >= $1 AND at < $2")
        .execute(span)
        .compose(_ -> count(connection, from, to))
        .compose(_ -> connection.preparedQuery(HOURS).execute(span))
        .compose(
            _ ->
                advance(
                    connection, "settled_until = $1, fresh_until = greatest(fresh_until, $1)", to));
  }

  private static Future<Void> count(SqlConnection connection, Instant from, Instant to) {
    List<OffsetDateTime> minutes = new ArrayList<>();
    List<UUID> low = new ArrayList<>();
    List<UUID> high = new ArrayList<>();
    Instant start = from;
    while (start.isBefore(to)) {
      Instant minute = start.truncatedTo(ChronoUnit.MINUTES);
      Instant next = minute.plus(1, ChronoUnit.MINUTES);
      Instant end = next.isBefore(to) ? next : to;
      minutes.add(utc(minute));
      low.add(UuidV7.lowest(start.toEpochMilli()));
      high.add(UuidV7.lowest(end.toEpochMilli()));
      start = end;
    }
    return connection
        .preparedQuery(COUNT)
        .execute(
            Tuple.tuple()
                .addArrayOfOffsetDateTime(minutes.toArray(OffsetDateTime[]::new))
                .addArrayOfUUID(low.toArray(UUID[]::new))
                .addArrayOfUUID(high.toArray(UUID[]::new))
                .addArrayOfLong(BOUNDS))
        .mapEmpty();
  }

  private static Future<Void> noteOldestDue(SqlConnection connection, Instant now) {
    return connection
        .preparedQuery(OLDEST_DUE)
        .execute(Tuple.of(utc(now), MOST_ENDPOINTS))
        .mapEmpty();
  }

  private static Future<Void> advance(SqlConnection connection, String change, Instant to) {
    return connection
        .preparedQuery("UPDATE statistics_progress SET " + change)
        .execute(Tuple.of(utc(to)))
        .mapEmpty();
  }

  private static Future<Void> deleteOld(SqlConnection connection, Instant now) {
    Instant minutes = now.minus(MINUTES_KEPT);
    Instant hours = now.minus(HOURS_KEPT);
    return deleteOld(connection, "statistics_by_minute", minutes)
        .compose(_ -> deleteOld(connection, "statistics_by_hour", hours))
        .compose(_ -> deleteOld(connection, "oldest_due_by_minute", minutes))
        .compose(_ -> deleteOld(connection, "oldest_due_by_hour", hours));
  }

  private static Future<Void> deleteOld(SqlConnection connection, String table, Instant before) {
    return connection
        .preparedQuery(
            "DELETE FROM %1$s WHERE ctid = ANY (ARRAY (SELECT ctid FROM %1$s WHERE at < $1 LIMIT %2$d))"
                .formatted(table, ROWS_DELETED))
        .execute(Tuple.of(utc(before)))
        .mapEmpty();
  }

  private static Progress progress(Row row) {
    return new Progress(
        row.getOffsetDateTime("settled_until").toInstant(),
        row.getOffsetDateTime("fresh_until").toInstant());
  }

  /** To the millisecond, as ids have it: the next slice begins exactly where this one ends. */
  private static OffsetDateTime utc(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS).atOffset(ZoneOffset.UTC);
  }
}
