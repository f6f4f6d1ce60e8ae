package dev.usher.store;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.usher.config.DedupeConfig;
import dev.usher.config.RetentionConfig;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what is past its retention: whole partitions of events, attempts and idempotency keys, and
 * old rows of the smaller logs. Every node looks; one at a time does it, by a lock that ends with
 * its connection. What is old is Postgres' to say, so that a node with a wrong clock drops nothing.
 *
 * <p>Nobody who writes waits for it: a partition is detached concurrently (SHARE UPDATE EXCLUSIVE
 * on its table), which waits for those who still read it, and then dropped, when nobody can know it
 * any more. What is interrupted in between is finished with the next look.
 */
public final class PostgresRetention {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresRetention.class);
  private static final Duration FIRST_LOOK = Duration.ofSeconds(30);
  private static final Duration INTERVAL = Duration.ofMinutes(15);
  private static final int ROWS = 5_000;

  private static final String LOCK = "SELECT pg_try_advisory_lock(hashtext('usher.retention'))";
  private static final String UNLOCK = "SELECT pg_advisory_unlock(hashtext('usher.retention'))";

  /** Pending ones first: until they are finished no other of the table can be detached. */
  private static final String OVERDUE = Sql.read(PostgresRetention.class, "overdue.sql");

  /** Also what a node works on: its event is gone, or will be before it can be sent. */
  private static final String DELIVERIES =
      """
      DELETE FROM deliveries WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM deliveries WHERE event_id < first_id_of($1) LIMIT $2 FOR UPDATE SKIP LOCKED))
      """;

  private static final String OLD_ROWS =
      """
      DELETE FROM %1$s WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM %1$s WHERE %2$s LIMIT $2 FOR UPDATE SKIP LOCKED))
      """;

  private static final String OLD_IDS =
      "id < first_id_of((now() AT TIME ZONE 'UTC' - $1::bigint * interval '1 second')::date)";
  private static final String REJECTIONS = OLD_ROWS.formatted("rejections", OLD_IDS);
  private static final String AUDIT = OLD_ROWS.formatted("audit_log", OLD_IDS);

  private final Vertx vertx;
  private final Pool pool;
  private final Duration retention;
  private final Duration auditRetention;
  private final Duration keysRemembered;
  private @Nullable Long timer;
  private boolean stopped;

  public PostgresRetention(
      Vertx vertx, Pool pool, RetentionConfig retention, DedupeConfig deduplication) {
    this.vertx = vertx;
    this.pool = pool;
    this.retention = retention.retention();
    this.auditRetention = retention.audit();
    this.keysRemembered = deduplication.window();
  }

  /** A partition, attached or not, that has outlived its time. */
  private record Partition(String table, String name, LocalDate lastDay, State state) {
    private enum State {
      ATTACHED,
      PENDING,
      DETACHED
    }
  }

  /** Looks soon, and then four times an hour. */
  public void start() {
    later(FIRST_LOOK);
  }

  public void stop() {
    stopped = true;
    if (timer != null) {
      vertx.cancelTimer(timer);
    }
  }

  private void later(Duration after) {
    timer = vertx.setTimer(after.toMillis(), _ -> run().onComplete(_ -> next()));
  }

  private void next() {
    if (!stopped) {
      later(INTERVAL);
    }
  }

  /**
   * Drops what is overdue now.
   *
   * @return the partitions that were dropped; none where another node is at it. Never fails: what
   *     could not be dropped is tried again
   */
  public Future<List<String>> run() {
    List<String> dropped = new ArrayList<>();
    return pool.withConnection(
            connection ->
                connection
                    .query(LOCK)
                    .execute()
                    .compose(
                        rows ->
                            rows.iterator().next().getBoolean(0)
                                ? locked(connection, dropped)
                                : Future.succeededFuture()))
        .transform(
            done -> {
              if (!dropped.isEmpty()) {
                LOG.info("Past their retention, and dropped: {}", String.join(", ", dropped));
              }
              if (done.failed() && !stopped) {
                LOG.warn(
                    "What is past its retention is dropped later: {}", done.cause().toString());
              }
              return Future.succeededFuture(dropped);
            });
  }

  private Future<Void> locked(SqlConnection connection, List<String> dropped) {
    return eachWhateverBecomesOfTheOthers(
            List.of(
                () -> dropPartitions(connection, dropped),
                () -> deleteRows(connection, REJECTIONS, retention.toSeconds()),
                () -> deleteRows(connection, AUDIT, auditRetention.toSeconds())))
        .eventually(() -> connection.query(UNLOCK).execute());
  }

  /** One after the other; fails with the first failure, after the last step. */
  private static Future<Void> eachWhateverBecomesOfTheOthers(List<Supplier<Future<Void>>> steps) {
    Future<Void> all = Future.succeededFuture();
    for (Supplier<Future<Void>> step : steps) {
      all =
          all.transform(
              before ->
                  before.succeeded()
                      ? step.get()
                      : step.get().transform(_ -> Future.failedFuture(before.cause())));
    }
    return all;
  }

  private Future<Void> dropPartitions(SqlConnection connection, List<String> dropped) {
    return connection
        .preparedQuery(OVERDUE)
        .execute(Tuple.of(retention.toSeconds(), keysRemembered.toSeconds()))
        .compose(
            rows -> {
              List<Partition> overdue = new ArrayList<>();
              rows.forEach(row -> overdue.add(partition(row)));
              LocalDate gone = gone(overdue);
              // Most deliveries go before their events, and those that somebody has just asked for
              // once more after them: when none can be asked for any more.
              return deleteDeliveries(connection, gone)
                  .compose(_ -> dropAll(connection, overdue, dropped))
                  .eventually(() -> deleteDeliveries(connection, gone));
            });
  }

  /** The day after the last whose events go; null where none do. */
  private static @Nullable LocalDate gone(List<Partition> overdue) {
    return overdue.stream()
        .filter(partition -> partition.table.equals("events"))
        .map(partition -> partition.lastDay.plusDays(1))
        .max(LocalDate::compareTo)
        .orElse(null);
  }

  private Future<Void> deleteDeliveries(SqlConnection connection, @Nullable LocalDate before) {
    return before == null ? Future.succeededFuture() : deleteRows(connection, DELIVERIES, before);
  }

  private Future<Void> deleteRows(SqlConnection connection, String statement, Object bound) {
    return connection
        .preparedQuery(statement)
        .execute(Tuple.of(bound, ROWS))
        .compose(
            rows ->
                rows.rowCount() < ROWS || stopped
                    ? Future.succeededFuture()
                    : deleteRows(connection, statement, bound));
  }

  /** A table whose partition somebody reads for long does not keep the others from theirs. */
  private Future<Void> dropAll(
      SqlConnection connection, List<Partition> overdue, List<String> dropped) {
    Map<String, List<Partition>> byTable =
        overdue.stream().collect(groupingBy(Partition::table, LinkedHashMap::new, toList()));
    List<Supplier<Future<Void>>> tables = new ArrayList<>();
    byTable.values().forEach(table -> tables.add(() -> dropInTurn(connection, table, dropped)));
    return eachWhateverBecomesOfTheOthers(tables);
  }

  private Future<Void> dropInTurn(
      SqlConnection connection, List<Partition> ofOneTable, List<String> dropped) {
    Future<Void> done = Future.succeededFuture();
    for (Partition partition : ofOneTable) {
      done =
          done.compose(_ -> unlessStopped(() -> detach(connection, partition)))
              .compose(_ -> unlessStopped(() -> drop(connection, partition, dropped)));
    }
    return done;
  }

  private Future<Void> unlessStopped(Supplier<Future<Void>> step) {
    return stopped ? Future.failedFuture("this node is stopping") : step.get();
  }

  private static Future<Void> detach(SqlConnection connection, Partition partition) {
    String statement = "ALTER TABLE " + partition.table + " DETACH PARTITION " + partition.name;
    return switch (partition.state) {
      case ATTACHED -> connection.query(statement + " CONCURRENTLY").execute().mapEmpty();
      case PENDING -> connection.query(statement + " FINALIZE").execute().mapEmpty();
      case DETACHED -> Future.succeededFuture();
    };
  }

  private static Future<Void> drop(
      SqlConnection connection, Partition partition, List<String> dropped) {
    return connection
        .query("DROP TABLE " + partition.name)
        .execute()
        .onSuccess(_ -> dropped.add(partition.name))
        .mapEmpty();
  }

  private static Partition partition(Row row) {
    return new Partition(
        row.getString("parent"),
        row.getString("name"),
        row.getLocalDate("last_day"),
        Partition.State.valueOf(row.getString("state")));
  }
}
