package dev.usher.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestStores;
import dev.usher.watch.StoreState.Backlog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(EmbeddedStoresExtension.class)
class PostgresStateIT {
  private static final Duration RETENTION = Duration.ofDays(15);

  private final TestStores stores;
  private final Vertx vertx = Vertx.vertx();
  private final Pool pool;
  private final PostgresState state;
  private final UUID organization = UUID.randomUUID();

  PostgresStateIT(TestStores stores) {
    this.stores = stores;
    this.pool = PostgresPools.control(vertx, PostgresUri.parse(stores.postgresUri()), 2);
    this.state = new PostgresState(pool, RETENTION, RETENTION);
  }

  @AfterEach
  void clear() {
    sql("TRUNCATE deliveries");
    sql("TRUNCATE endpoints");
    sql("TRUNCATE endpoint_failures");
    get(vertx.close());
  }

  private List<?> sql(String statement, Object... parameters) {
    return Sql.run(stores.postgresUri(), statement, parameters);
  }

  private UUID endpoint(String status) {
    UUID id = UUID.randomUUID();
    sql(
        "INSERT INTO endpoints (organization_id, id, name, url, events, status)"
            + " VALUES (?, ?, 'e', 'https://example.com', '{*}', ?)",
        organization,
        id,
        status);
    return id;
  }

  /** So many deliveries, all due since {@code age}; leased by {@code node}, or by none. */
  private void deliveries(UUID endpoint, int count, String age, String node) {
    sql(
        "INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, node_id)"
            + " SELECT ?, gen_random_uuid(), ?, now() - ?::interval, "
            + node
            + " FROM generate_series(1, ?)",
        organization,
        endpoint,
        age,
        count);
  }

  @Test
  void nothingWaitsInAnEmptyTable() {
    assertThat(get(state.backlog())).isEqualTo(new Backlog(0, Duration.ZERO, 0));
  }

  @Test
  void whatIsDueIsCountedOverEndpointsAndTheOldestTellsItsAge() {
    deliveries(endpoint("active"), 3, "10 seconds", "NULL");
    deliveries(endpoint("active"), 4, "7 minutes", "NULL");
    Backlog backlog = get(state.backlog());
    assertThat(backlog.due()).isEqualTo(7);
    assertThat(backlog.late()).isEqualTo(1);
    assertThat(backlog.oldest()).isBetween(Duration.ofMinutes(7), Duration.ofMinutes(8));
  }

  @Test
  void anOrderedEndpointIsAsLateAsItsFirstAndOneThatOnlyFailsIsNotCounted() {
    UUID ordered = endpoint("active");
    deliveries(ordered, 3, "6 minutes", "NULL");
    sql("UPDATE deliveries SET position = nextval('delivery_positions')");
    deliveries(endpoint("active"), 2, "1 minute", "NULL");
    UUID failing = endpoint("active");
    deliveries(failing, 5, "1 hour", "NULL");
    sql(
        "INSERT INTO endpoint_failures VALUES (?, ?, now() - interval '1 hour', now())",
        organization,
        failing);
    Backlog backlog = get(state.backlog());
    assertThat(backlog.due()).isEqualTo(5);
    assertThat(backlog.late()).isEqualTo(1);
    assertThat(backlog.oldest()).isBetween(Duration.ofMinutes(6), Duration.ofMinutes(7));
  }

  /** Any of these would hold up an alert for ever, or raise one where nothing is wrong. */
  @Test
  void whatNobodyShouldDeliverNowIsNotDue() {
    deliveries(endpoint("active"), 5, "-1 hour", "NULL"); // a retry to come
    deliveries(endpoint("paused"), 5, "1 hour", "NULL");
    deliveries(endpoint("disabled"), 5, "1 hour", "NULL");
    deliveries(UUID.randomUUID(), 5, "1 hour", "NULL"); // of no endpoint
    deliveries(endpoint("active"), 5, "1 hour", "7"); // under way
    UUID deleted = endpoint("active");
    deliveries(deleted, 5, "1 hour", "NULL");
    sql("UPDATE endpoints SET deleted_at = now() WHERE id = ?", deleted);
    assertThat(get(state.backlog())).isEqualTo(new Backlog(0, Duration.ZERO, 0));
  }

  @Test
  void whatIsInOrderIsDueWhenItsFirstIsAndNobodyHoldsIt() {
    UUID waiting = endpoint("active");
    deliveries(waiting, 3, "1 minute", "NULL");
    UUID underWay = endpoint("active");
    deliveries(underWay, 3, "1 minute", "NULL");
    UUID retried = endpoint("active");
    deliveries(retried, 3, "1 minute", "NULL");
    sql("UPDATE deliveries SET position = nextval('delivery_positions')");
    first(underWay, "node_id = 7");
    first(retried, "due_at = now() + interval '1 hour'");
    Backlog backlog = get(state.backlog());
    assertThat(backlog.due()).isEqualTo(3);
    assertThat(backlog.oldest()).isGreaterThanOrEqualTo(Duration.ofMinutes(1));
  }

  private void first(UUID endpoint, String becomes) {
    sql(
        "UPDATE deliveries SET "
            + becomes
            + " WHERE position = (SELECT min(position) FROM deliveries WHERE endpoint_id = ?)",
        endpoint);
  }

  @Test
  void theCountEndsAtItsBoundAndTheAgeDoesNot() {
    UUID endpoint = endpoint("active");
    deliveries(endpoint, PostgresState.MOST_COUNTED, "1 minute", "NULL");
    deliveries(endpoint, 50, "1 hour", "NULL");
    Backlog backlog = get(state.backlog());
    assertThat(backlog.due()).isEqualTo(PostgresState.MOST_COUNTED);
    assertThat(backlog.oldest()).isGreaterThanOrEqualTo(Duration.ofHours(1));
  }

  @Test
  void aPartitionIsOverdueFromTheEndOfItsRetention() {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    sql("SELECT create_partitions(?)", today.minusDays(15));
    assertThat(get(state.overdue())).isZero(); // its day ended less than 15 days ago
    sql("SELECT create_partitions(?)", today.minusDays(20));
    try {
      assertThat(get(state.overdue())).isGreaterThan(Duration.ofDays(4));
      // What was detached, and not dropped, fills the disk as well.
      sql("ALTER TABLE events DETACH PARTITION " + partition("events", today.minusDays(20)));
      drop("attempts", today.minusDays(20));
      drop("idempotency_keys", firstDayOfKeys(today.minusDays(20)));
      assertThat(get(state.overdue())).isBetween(Duration.ofDays(4), Duration.ofDays(5));
    } finally {
      drop("idempotency_keys", firstDayOfKeys(today.minusDays(20)));
      drop("events", today.minusDays(20));
      drop("attempts", today.minusDays(20));
    }
  }

  @Test
  void keysThatTheJournalMayAskForAreNotOverdue() {
    PostgresState remembersLong = new PostgresState(pool, Duration.ofDays(1), Duration.ofDays(9));
    LocalDate wanted = LocalDate.now(ZoneOffset.UTC).minusDays(9);
    sql("SELECT create_partitions(?)", wanted);
    drop("events", wanted);
    drop("attempts", wanted);
    try {
      assertThat(get(remembersLong.overdue())).isZero();
    } finally {
      drop("idempotency_keys", firstDayOfKeys(wanted));
    }
  }

  private LocalDate firstDayOfKeys(LocalDate day) {
    return LocalDate.parse(
        String.valueOf(Sql.value(stores.postgresUri(), "SELECT first_day_of_keys(?)", day)));
  }

  private static String partition(String table, LocalDate day) {
    return table + "_" + day.toString().replace("-", "");
  }

  private void drop(String table, LocalDate day) {
    sql("DROP TABLE IF EXISTS " + partition(table, day));
  }

  @Test
  void aPostgresThatIsAwayIsAFailure() {
    stores.stopPostgres();
    try {
      assertThat(get(state.ping().map(true).otherwise(false))).isFalse();
      assertThat(get(state.backlog().map(true).otherwise(false))).isFalse();
    } finally {
      stores.startPostgres();
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
