package dev.usher.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Attempt;
import dev.usher.event.AttemptId;
import dev.usher.event.Delivery;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an attempt does to its delivery, it does once, however often it is logged. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresAttemptLogIT {
  private static final int LEASE = 7;
  private static final OrganizationId ORGANIZATION = new OrganizationId(new UUID(0, 1));

  private final Vertx vertx = Vertx.vertx();
  private final UuidV7 ids = new UuidV7(InstantSource.system());
  private final TestStores stores;
  private final PostgresConnections connections;
  private final PostgresAttemptLog log;

  PostgresAttemptLogIT(TestStores stores) {
    this.stores = stores;
    connections =
        new PostgresConnections(
            vertx,
            PostgresPools.journal(PostgresUri.parse(stores.postgresUri()), Duration.ofSeconds(10)),
            Duration.ofSeconds(12));
    log = new PostgresAttemptLog(vertx, connections);
  }

  @AfterAll
  void close() {
    get(connections.close());
    get(vertx.close());
  }

  @Test
  void aSuccessTakesItsDeliveryAway() {
    Delivery delivery = leased(LEASE);
    log(attempt(delivery, null));
    assertThat(state(delivery)).isEqualTo("gone");
    assertThat(logged(delivery)).isEqualTo("1");
  }

  @Test
  void aFailureMakesItsDeliveryDueLater() {
    Delivery delivery = leased(LEASE);
    log(attempt(delivery, Duration.ofHours(1)));
    assertThat(state(delivery)).isEqualTo("attempts 1, later, leased by none");
  }

  @Test
  void whatAnotherNodeHasTakenOverIsLoggedAndLeftAlone() {
    Delivery delivered = leased(LEASE + 1);
    Delivery failed = leased(LEASE + 1);
    log(attempt(delivered, null), attempt(failed, Duration.ofHours(1)));
    assertThat(Stream.of(delivered, failed).map(this::state))
        .containsOnly("attempts 0, now, leased by " + (LEASE + 1));
    assertThat(Stream.of(delivered, failed).map(this::logged)).containsOnly("1");
  }

  @Test
  void attemptsOfOneBatchEachSettleWhatWasTakenOnUnderTheirOwnLease() {
    Delivery earlier = leased(LEASE, LEASE);
    Delivery later = leased(LEASE + 1, LEASE + 1);
    // Lost with the earlier lease and claimed again by the same node, while its attempt went on.
    Delivery again = leased(LEASE, LEASE + 1);
    log(attempt(earlier, null), attempt(later, null), attempt(again, Duration.ofHours(1)));
    assertThat(Stream.of(earlier, later).map(this::state)).containsOnly("gone");
    assertThat(state(again)).isEqualTo("attempts 0, now, leased by " + (LEASE + 1));
    assertThat(logged(again)).isEqualTo("1");
  }

  @Test
  void anAttemptThatWasLoggedBeforeChangesNothingAndTheOthersOfItsBatchDo() {
    Delivery before = leased(LEASE);
    Attempt again = attempt(before, Duration.ofHours(1));
    log(again);
    Sql.run(
        stores.postgresUri(),
        "UPDATE deliveries SET node_id = ?::int WHERE event_id = ?::uuid",
        Integer.toString(LEASE),
        event(before)); // claimed once more meanwhile

    Delivery delivered = leased(LEASE);
    Delivery failed = leased(LEASE);
    log(again, attempt(delivered, null), attempt(failed, Duration.ofHours(1)));

    assertThat(state(before)).isEqualTo("attempts 1, later, leased by " + LEASE);
    assertThat(state(delivered)).isEqualTo("gone");
    assertThat(state(failed)).isEqualTo("attempts 1, later, leased by none");
    assertThat(Stream.of(before, delivered, failed).map(this::logged)).containsOnly("1");
  }

  private void log(Attempt... attempts) {
    get(Future.all(Stream.of(attempts).map(log::log).toList()));
  }

  /** Taken on under {@link #LEASE}, and in the table under another number where that was lost. */
  private Delivery leased(int lease) {
    return leased(LEASE, lease);
  }

  private Delivery leased(int takenUnder, int lease) {
    Delivery delivery =
        new Delivery(
            new Event(
                new EventId(ids.next()),
                ORGANIZATION,
                null,
                "key",
                new Hash128(1, 1),
                new Hash128(1, 1),
                "t",
                null,
                "application/json",
                "",
                new byte[0]),
            new EndpointId(ids.next()),
            0,
            takenUnder);
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at, node_id)"
            + " VALUES (?::uuid, ?::uuid, ?::uuid, now(), ?::int)",
        ORGANIZATION.value().toString(),
        event(delivery),
        delivery.endpoint().value().toString(),
        Integer.toString(lease));
    return delivery;
  }

  private Attempt attempt(Delivery delivery, @Nullable Duration retryIn) {
    return new Attempt(
        new AttemptId(ids.next()),
        delivery,
        1,
        retryIn == null ? Attempt.Outcome.SUCCEEDED : Attempt.Outcome.HTTP_ERROR,
        retryIn == null ? 200 : 500,
        null,
        null,
        Instant.now(),
        Duration.ofMillis(3),
        retryIn);
  }

  private @Nullable String state(Delivery delivery) {
    return Sql.value(
        stores.postgresUri(),
        "SELECT coalesce((SELECT 'attempts ' || attempts || CASE WHEN due_at > now() + interval '50"
            + " min' THEN ', later' ELSE ', now' END || ', leased by ' || coalesce(node_id::text,"
            + " 'none') FROM deliveries WHERE event_id = ?::uuid), 'gone')",
        event(delivery));
  }

  private @Nullable String logged(Delivery delivery) {
    return Sql.value(
        stores.postgresUri(),
        "SELECT count(*)::text FROM attempts WHERE organization_id = ?::uuid AND event_id ="
            + " ?::uuid",
        ORGANIZATION.value().toString(),
        event(delivery));
  }

  private static String event(Delivery delivery) {
    return delivery.event().id().value().toString();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
