package dev.usher.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.config.DedupeConfig;
import dev.usher.config.RetentionConfig;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is past its time goes, while everybody reads and writes. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RetentionIT {
  private static final Duration WAIT = Duration.ofSeconds(30);
  private static final String ORGANIZATION = "'00000000-0000-0000-0000-000000000001'";

  private final TestStores stores;
  private final PostgresUri uri;
  private final Vertx vertx = Vertx.vertx();
  private final Pool pool;
  private final PostgresRetention retention;

  RetentionIT(TestStores stores) {
    this.stores = stores;
    this.uri = PostgresUri.parse(stores.postgresUri());
    this.pool = PostgresPools.control(vertx, uri, 4);
    this.retention =
        new PostgresRetention(
            vertx,
            pool,
            new RetentionConfig(Duration.ofDays(15), Duration.ofDays(365)),
            new DedupeConfig(Duration.ofDays(3), Duration.ofMillis(50)));
  }

  @AfterEach
  void nothingIsLeftOver() {
    Sql.run(stores.postgresUri(), "DELETE FROM deliveries");
  }

  private List<String> run() {
    return get(retention.run());
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.await(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static LocalDate daysAgo(int days) {
    return LocalDate.now(ZoneOffset.UTC).minusDays(days);
  }

  private void createPartitions(LocalDate day) {
    Sql.run(stores.postgresUri(), "SELECT create_partitions(?::date)", day.toString());
  }

  /** An event of a day, a delivery of it, and an attempt. */
  private void event(LocalDate day) {
    createPartitions(day);
    String id = "(first_id_of('" + day + "')::text)::uuid";
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO events VALUES ("
            + ORGANIZATION
            + ", "
            + id
            + ", null, 'k', 't', null, 'application/json', '', '{}')");
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at) VALUES ("
            + ORGANIZATION
            + ", "
            + id
            + ", gen_random_uuid(), now())");
  }

  private boolean exists(String table, LocalDate day) {
    String name = table + "_" + day.toString().replace("-", "");
    return "t".equals(value("SELECT to_regclass('" + name + "') IS NOT NULL"));
  }

  private @Nullable String value(String sql) {
    return Sql.value(stores.postgresUri(), sql);
  }

  @Test
  void whatIsPastItsTimeGoesWithItsDeliveriesAndTheRestStays() {
    event(LocalDate.of(2020, 2, 29));
    event(daysAgo(17));
    event(daysAgo(14));
    event(daysAgo(0));

    List<String> dropped = run();

    assertThat(dropped).contains("events_20200229", "attempts_20200229");
    assertThat(exists("events", LocalDate.of(2020, 2, 29))).isFalse();
    assertThat(exists("events", daysAgo(17))).isFalse();
    assertThat(exists("attempts", daysAgo(17))).isFalse();
    // A day is kept until its last moment is past the retention.
    assertThat(exists("events", daysAgo(14))).isTrue();
    assertThat(exists("attempts", daysAgo(14))).isTrue();
    assertThat(value("SELECT count(*) FROM deliveries")).isEqualTo("2");
    assertThat(run()).isEmpty();
  }

  @Test
  void keysStayAsLongAsTheJournalMayAskForThem() {
    LocalDate needed = firstDayOfKeys(daysAgo(4));
    LocalDate past = needed.minusDays(6);
    createPartitions(needed);
    createPartitions(past);

    run();

    assertThat(exists("idempotency_keys", needed)).isTrue();
    assertThat(exists("idempotency_keys", past)).isFalse();
  }

  private LocalDate firstDayOfKeys(LocalDate day) {
    return LocalDate.parse(
        Objects.requireNonNull(value("SELECT first_day_of_keys('" + day + "')::text")));
  }

  @Test
  void oneNodeAtATimeDoesIt() throws SQLException {
    event(LocalDate.of(2020, 3, 1));
    try (Connection other = connect();
        Statement holding = other.createStatement()) {
      holding.execute("SELECT pg_advisory_lock(hashtext('usher.retention'))");
      assertThat(run()).isEmpty();
    }
    await().atMost(WAIT).until(() -> run().contains("events_20200301"));
  }

  @Test
  void whoReadsAnOldPartitionHoldsUpItsEndAndNobodyWhoWrites() throws SQLException {
    event(LocalDate.of(2020, 3, 2));
    try (Connection reader = connect();
        Connection writer = connect();
        Statement reading = reader.createStatement();
        Statement writing = writer.createStatement()) {
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM events"); // locks every partition until the end
      Future<List<String>> dropping = retention.run();
      await().atMost(WAIT).until(this::isDetaching);

      writing.execute("SET lock_timeout = '2s'");
      writing.execute(
          "INSERT INTO events VALUES ("
              + ORGANIZATION
              + ", (first_id_of('"
              + daysAgo(0)
              + "')::text)::uuid, null, 'k', 't', null, 'application/json', '', '{}')"
              + " ON CONFLICT DO NOTHING");
      writing.execute("SELECT count(*) FROM events");
      writing.execute("SELECT create_partitions('2032-01-01')");

      reader.commit();
      assertThat(get(dropping)).contains("events_20200302");
    }
  }

  private boolean isDetaching() {
    return "t"
        .equals(
            value(
                "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE"
                    + " % DETACH%' AND wait_event_type = 'Lock'"));
  }

  @Test
  void sendersAreAnsweredWhileAPartitionThatSomebodyReadsGoes() throws SQLException {
    event(LocalDate.of(2020, 3, 6));
    try (TestGateway gateway = TestGateway.start(stores);
        Connection reader = connect();
        Statement reading = reader.createStatement()) {
      TestSource source = gateway.newSource();
      accepted(source, 1);
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM events");
      reading.execute("SELECT count(*) FROM attempts");
      reading.execute("SELECT count(*) FROM idempotency_keys");
      Future<List<String>> dropping = retention.run();
      await().atMost(WAIT).until(this::isDetaching);

      accepted(source, 50); // each would wait for the reader if one of them did
      assertThat(isDetaching()).isTrue();

      reader.commit();
      accepted(source, 50);
      assertThat(get(dropping)).contains("events_20200306", "attempts_20200306");
      accepted(source, 1);
    }
  }

  /** Sends new events, the first of them twice. */
  private static void accepted(TestSource source, int events) {
    JsonObject first = TestSource.newPayload();
    assertThat(source.send(first).statusCode()).isEqualTo(202);
    assertThat(source.send(first).statusCode()).isEqualTo(200);
    for (int i = 1; i < events; i++) {
      assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void whatWasInterruptedIsFinishedWithTheNextLook() throws SQLException {
    event(LocalDate.of(2020, 3, 3));
    event(LocalDate.of(2020, 3, 4));
    try (Connection reader = connect();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM events");
      Future<List<String>> dropping = retention.run();
      await().atMost(WAIT).until(this::isDetaching);
      value(
          "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE events"
              + " DETACH%' LIMIT 1");
      // Nobody reads the other tables: they do not wait for the one.
      assertThat(get(dropping)).contains("attempts_20200303", "attempts_20200304");
      reader.commit();
    }
    assertThat(value("SELECT count(*) FROM pg_inherits WHERE inhdetachpending")).isEqualTo("1");

    assertThat(run()).contains("events_20200303", "events_20200304");
    assertThat(value("SELECT count(*) FROM pg_inherits WHERE inhdetachpending")).isEqualTo("0");
  }

  @Test
  void whatWasDetachedOnlyIsDropped() {
    event(LocalDate.of(2020, 3, 5));
    Sql.run(stores.postgresUri(), "ALTER TABLE events DETACH PARTITION events_20200305");
    assertThat(run()).contains("events_20200305");
  }

  @Test
  void partitionsAreMadeWhileSomebodyReads() throws SQLException {
    try (Connection reader = connect();
        Statement reading = reader.createStatement()) {
      reader.setAutoCommit(false);
      reading.execute("SELECT count(*) FROM events");
      reading.execute("SELECT count(*) FROM attempts");
      reading.execute("SELECT count(*) FROM idempotency_keys");
      createPartitions(LocalDate.of(2033, 1, 1));
      createPartitions(LocalDate.of(2033, 1, 1));
      reader.commit();
    }
    assertThat(exists("attempts", LocalDate.of(2033, 1, 1))).isTrue();
    assertThat(value("SELECT count(*) FROM pg_indexes WHERE tablename = 'attempts_20330101'"))
        .isEqualTo(value("SELECT count(*) FROM pg_indexes WHERE tablename = 'attempts'"));
    assertThat(value("SELECT reloptions::text FROM pg_class WHERE relname = 'events_20330101'"))
        .contains("toast_tuple_target=8160");
    assertThat(
            value(
                "SELECT attstorage FROM pg_attribute WHERE attname = 'body'"
                    + " AND attrelid = 'events_20330101'::regclass"))
        .isEqualTo("e");
  }

  @Test
  void oldRowsOfTheSmallerLogsGo() {
    for (int days : new int[] {400, 16, 14}) {
      String id = "(first_id_of('" + daysAgo(days) + "')::text)::uuid";
      Sql.run(
          stores.postgresUri(),
          "INSERT INTO rejections VALUES ("
              + ORGANIZATION
              + ", "
              + ORGANIZATION
              + ", "
              + id
              + ", 'malformed', 400, 'r', null, null, null, 1)");
      Sql.run(
          stores.postgresUri(),
          "INSERT INTO audit_log VALUES ("
              + ORGANIZATION
              + ", "
              + id
              + ", 'administrator', '', 'a', 't', '{}')");
    }
    run();
    assertThat(count("rejections")).isEqualTo("1");
    assertThat(count("audit_log")).isEqualTo("2");
  }

  private @Nullable String count(String table) {
    return value("SELECT count(*) FROM " + table + " WHERE organization_id = " + ORGANIZATION);
  }

  private Connection connect() throws SQLException {
    return uri.dataSource().getConnection();
  }
}
