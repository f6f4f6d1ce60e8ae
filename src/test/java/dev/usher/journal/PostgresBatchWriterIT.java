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
import dev.usher.journal.BatchWriter.UncertainCommitException;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of a batch when its statement fails. The faults are raised inside of Postgres. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresBatchWriterIT {
  private static final Duration DEADLINE = Duration.ofSeconds(12);

  /** Takes no event of type {@code odd}, and says so in one way in company and in another alone. */
  private static final String FAULT =
      """
      CREATE OR REPLACE FUNCTION test_fault(types text[], alone text) RETURNS boolean
      LANGUAGE plpgsql AS $$
      BEGIN
        IF NOT 'odd' = ANY (types) THEN RETURN true; END IF;
        IF cardinality(types) > 1 THEN RAISE EXCEPTION USING ERRCODE = '22000'; END IF;
        IF alone = 'lost' THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RAISE EXCEPTION USING ERRCODE = alone;
      END $$
      """;

  private final Vertx vertx = Vertx.vertx();
  private final UuidV7 ids = new UuidV7(InstantSource.system());
  private final TestStores stores;
  private final PostgresConnections connections;

  PostgresBatchWriterIT(TestStores stores) {
    this.stores = stores;
    Sql.run(stores.postgresUri(), FAULT);
    connections =
        new PostgresConnections(
            vertx,
            PostgresPools.journal(PostgresUri.parse(stores.postgresUri()), Duration.ofSeconds(10)),
            DEADLINE);
  }

  @AfterAll
  void close() {
    get(connections.close());
    get(vertx.close());
  }

  @Test
  void whatPostgresDoesNotTakeIsRefusedAloneAndItsNeighboursAreAccepted() {
    List<Event> batch = List.of(event("even"), event("odd"), event("even"));
    assertThat(get(writer("22000").write(batch)))
        .extracting(Object::getClass)
        .containsExactly(Fate.Accepted.class, Fate.Undecided.class, Fate.Accepted.class);
    assertThat(isWritten(batch.get(0))).isTrue();
    assertThat(isWritten(batch.get(1))).isFalse();
    assertThat(isWritten(batch.get(2))).isTrue();
  }

  @Test
  void whereTheSecondHalfFailsTheFirstIsStillAccepted() {
    List<Event> batch = List.of(event("even"), event("odd"));
    assertThat(get(writer("53100").write(batch)))
        .extracting(Object::getClass)
        .containsExactly(Fate.Accepted.class, Fate.Undecided.class);
    assertThat(isWritten(batch.getFirst())).isTrue();
  }

  @Test
  void whereTheConnectionIsLostInTheSecondHalfTheWholeBatchIsUncertain() {
    Future<List<Fate>> written = writer("lost").write(List.of(event("even"), event("odd")));
    assertThat(failure(written)).isInstanceOf(UncertainCommitException.class);
  }

  @Test
  void aFaultOfOursFailsItsBatchAndNoOther() {
    FaultyDispatch dispatch = new FaultyDispatch();
    PostgresBatchWriter writer =
        new PostgresBatchWriter(connections, dispatch, 3, new EndpointFilters());
    assertThat(get(writer.write(List.of(event("even"))))).hasSize(1); // leaves a connection
    dispatch.faulty = true;
    Future<List<Fate>> failed = writer.write(List.of(event("even")));
    assertThat(failure(failed)).isNotNull();
    dispatch.faulty = false;
    assertThat(get(writer.write(List.of(event("even"))))).hasSize(1);
  }

  /**
   * @param alone how the odd event is refused when it comes alone: an SQLSTATE, or {@code lost}
   */
  private PostgresBatchWriter writer(String alone) {
    return new PostgresBatchWriter(
        connections,
        new FaultyDispatch(),
        3,
        new EndpointFilters(),
        statement ->
            statement.replace(
                "FROM clock c\n", "FROM clock c WHERE test_fault($7::text[], '" + alone + "')\n"));
  }

  private boolean isWritten(Event event) {
    return "1"
        .equals(
            String.valueOf(
                Sql.value(
                    stores.postgresUri(),
                    "SELECT count(*) FROM events WHERE id = '" + event.id().value() + "'")));
  }

  private Event event(String type) {
    UUID id = ids.next();
    return new Event(
        new EventId(id),
        new OrganizationId(new UUID(0, 1)),
        null,
        "key",
        new Hash128(id.getMostSignificantBits(), id.getLeastSignificantBits()),
        new Hash128(1, 1),
        type,
        null,
        "application/json",
        "",
        new byte[] {'{', '}'});
  }

  private static @Nullable Throwable failure(Future<List<Fate>> written) {
    Future<Optional<Throwable>> cause =
        written.transform(done -> Future.succeededFuture(Optional.ofNullable(done.cause())));
    return get(cause).orElse(null);
  }

  private static <T> T get(Future<T> future) {
    try {
      return future.await(30, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  /** Nothing subscribes here. */
  private static final class FaultyDispatch implements Dispatch {
    private volatile boolean faulty;

    @Override
    public @Nullable Integer lease() {
      if (faulty) {
        throw new IllegalStateException("a fault");
      }
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
}
