package dev.usher.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.dispatch.Dispatch;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import dev.usher.filter.EndpointFilters;
import dev.usher.journal.BatchWriter.Fate;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A key is accepted once on both sides of midnight. The statement is the journal's own, but for the
 * clock: each session is told what time it is.
 */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MidnightIT {
  /** The first of the three days of a partition of keys. */
  private static final LocalDate FIRST_DAY = LocalDate.of(2031, 3, 13);

  /** Eves of a midnight inside a partition, and of one at which two partitions meet. */
  private static final List<LocalDate> EVES = List.of(FIRST_DAY.plusDays(1), FIRST_DAY.plusDays(2));

  private static final int DAYS_REMEMBERED = 3;
  private final Vertx vertx = Vertx.vertx();
  private final UuidV7 ids = new UuidV7(InstantSource.system());
  private final TestStores stores;
  private final List<PostgresConnections> connections = new ArrayList<>();
  private long keys;

  MidnightIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeAll
  void createPartitions() {
    for (int day = 0; day <= 10; day++) {
      Sql.run(
          stores.postgresUri(),
          "SELECT create_partitions(?::date)",
          FIRST_DAY.plusDays(day).toString());
    }
  }

  @AfterEach
  void disconnect() {
    connections.forEach(connected -> get(connected.close()));
    connections.clear();
  }

  @AfterAll
  void close() {
    get(vertx.close());
  }

  /** Nothing subscribes here. */
  private static final class NoDispatch implements Dispatch {
    @Override
    public @Nullable Integer lease() {
      return null;
    }

    @Override
    public List<EndpointId> full() {
      return List.of();
    }

    @Override
    public void committed(Event event, List<EndpointId> endpoints, int lease) {}

    @Override
    public void leasesAreUncertain() {}
  }

  /** A node whose Postgres session believes that it is {@code now}. */
  private PostgresBatchWriter at(Instant now) {
    return at(now, DAYS_REMEMBERED);
  }

  private PostgresBatchWriter at(Instant now, int daysRemembered) {
    var options =
        PostgresPools.journal(PostgresUri.parse(stores.postgresUri()), Duration.ofSeconds(10))
            .addProperty("usher.test_now", now.toString());
    PostgresConnections connected = new PostgresConnections(vertx, options, Duration.ofSeconds(12));
    connections.add(connected);
    return new PostgresBatchWriter(
        connected,
        new NoDispatch(),
        daysRemembered,
        new EndpointFilters(),
        statement -> statement.replace("now()", "current_setting('usher.test_now')::timestamptz"));
  }

  private static Instant time(LocalDate eve, int day, String timeOfDay) {
    return Instant.parse(eve.plusDays(day) + "T" + timeOfDay + "Z");
  }

  private Hash128 newKey() {
    return new Hash128(7, ++keys);
  }

  private Event event(Hash128 key) {
    return new Event(
        new EventId(ids.next()),
        new OrganizationId(new UUID(0, 1)),
        null,
        "key",
        key,
        new Hash128(1, 1),
        "t",
        null,
        "application/json",
        "",
        new byte[] {'{', '}'});
  }

  private boolean isAccepted(PostgresBatchWriter node, Hash128 key) {
    return fateOf(node, key) instanceof Fate.Accepted;
  }

  private Fate fateOf(PostgresBatchWriter node, Hash128 key) {
    return get(node.write(List.of(event(key)))).getFirst();
  }

  @ParameterizedTest
  @CsvSource({
    "12:00:00,      0, 18:00:00",
    "12:00:00,      0, 23:59:30",
    "12:00:00,      1, 00:00:30",
    "12:00:00,      1, 12:00:00",
    "12:00:00,      3, 12:00:00",
    "23:58:59.999,  0, 23:59:00.001",
    "23:59:30,      1, 00:00:30",
    "23:59:59.999,  1, 00:00:00.001",
    "23:59:30,      1, 12:00:00",
    "23:59:30,      3, 12:00:00",
  })
  void aKeyOfOneTimeIsKnownAtALaterOne(String first, int day, String second) {
    for (LocalDate eve : EVES) {
      Hash128 key = newKey();
      assertThat(isAccepted(at(time(eve, 0, first)), key)).isTrue();
      assertThat(fateOf(at(time(eve, day, second)), key)).isInstanceOf(Fate.Known.class);
    }
  }

  @Test
  void aKeyIsForgottenAfterItsWindow() {
    for (LocalDate eve : EVES) {
      Hash128 key = newKey();
      assertThat(isAccepted(at(time(eve, 0, "12:00:00")), key)).isTrue();
      assertThat(isAccepted(at(time(eve, 5, "12:00:00")), key)).isTrue();
    }
  }

  @Test
  void aKeyOfTodaysPartitionIsKnownHoweverShortTheWindow() {
    Hash128 key = newKey();
    assertThat(isAccepted(at(time(FIRST_DAY, 0, "12:00:00"), 1), key)).isTrue();
    assertThat(fateOf(at(time(FIRST_DAY, 2, "12:00:00"), 1), key)).isInstanceOf(Fate.Known.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 23:58:59.999,  0, 23:59:00.001",
    "0, 23:59:30,      1, 00:00:30",
    "0, 23:59:59.999,  1, 00:00:00.001",
    "1, 00:00:59.999,  1, 00:01:00.001",
    "1, 00:00:59.999,  1, 00:01:00",
  })
  void batchesOnBothSidesAtTheSameMomentAcceptAKeyOnce(
      int oneDay, String oneTime, int otherDay, String otherTime) {
    for (LocalDate eve : EVES) {
      acceptEachOnce(time(eve, oneDay, oneTime), time(eve, otherDay, otherTime));
    }
  }

  private void acceptEachOnce(Instant one, Instant other) {
    List<PostgresBatchWriter> nodes =
        Stream.concat(
                IntStream.range(0, 4).mapToObj(i -> at(one)),
                IntStream.range(0, 4).mapToObj(i -> at(other)))
            .toList();
    for (int round = 0; round < 20; round++) {
      // In opposite orders, so that batches that waited for each other crosswise would be noticed.
      List<Hash128> batch = Stream.generate(this::newKey).limit(20).toList();
      List<Future<List<Fate>>> writes = new ArrayList<>();
      for (int i = 0; i < nodes.size(); i++) {
        List<Hash128> order = i % 2 == 0 ? batch : batch.reversed();
        writes.add(nodes.get(i).write(order.stream().map(this::event).toList()));
      }
      long accepted =
          writes.stream()
              .flatMap(write -> get(write).stream())
              .filter(Fate.Accepted.class::isInstance)
              .count();
      assertThat(accepted).isEqualTo(batch.size());
    }
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }
}
