package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a node does that lives on after its lease was lost, and what must not make it lose one. */
@ExtendWith(EmbeddedStoresExtension.class)
class LeasesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** One event loop: what it has lost it takes on again itself. */
  private static final Map<String, String> ALONE = Map.of("USHER_RUNTIME_EVENT_LOOPS", "1");

  private final TestStores stores;
  private final List<HttpServerRequest> held = new CopyOnWriteArrayList<>();
  private TestReceiver receiver;

  LeasesIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void open() {
    receiver = new TestReceiver();
    receiver.answers(held::add);
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private static JsonObject patient(String retry) {
    return new JsonObject()
        .put("timeout", "30s")
        .put("retry_schedule", new JsonArray().add(retry).add(retry));
  }

  private String sql(String query, Object... parameters) {
    return Objects.requireNonNull(Sql.value(stores.postgresUri(), query, parameters));
  }

  private static UUID send(TestSource source) {
    String id = new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
    return Objects.requireNonNull(EventId.parse(id)).value();
  }

  private void awaitSettled(UUID event) {
    await()
        .atMost(PATIENCE)
        .until(() -> sql("SELECT count(*) FROM deliveries WHERE event_id = ?", event).equals("0"));
  }

  private void awaitOneAttempt(UUID event) {
    await()
        .atMost(PATIENCE)
        .until(() -> sql("SELECT count(*) FROM attempts WHERE event_id = ?", event).equals("1"));
  }

  /** Nobody can extend his lease until it has ended; then it is taken over, as a node does it. */
  private void takeOver() throws SQLException {
    try (Sql.Locked nodes = Sql.lock(stores.postgresUri(), "SELECT FROM nodes FOR UPDATE")) {
      await()
          .atMost(PATIENCE)
          .until(() -> sql("SELECT count(*) FROM nodes WHERE lease_until > now()").equals("0"));
      nodes.commit(
          "WITH ended AS (DELETE FROM nodes RETURNING id) UPDATE deliveries SET node_id = NULL"
              + " WHERE node_id IN (SELECT id FROM ended)");
    }
  }

  @Test
  void anAttemptThatOutlivesItsLeaseSettlesNothingThatWasTakenOnSince() throws Exception {
    try (TestGateway gateway = TestGateway.start(stores, ALONE)) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url(), patient("1s"));
      UUID event = send(source);
      await().atMost(PATIENCE).until(() -> held.size() == 1);
      takeOver();
      await().atMost(PATIENCE).until(() -> held.size() == 2);
      held.getFirst().response().setStatusCode(500).end();
      awaitOneAttempt(event);
      // Were it due again, another node would send it while the second exchange goes on.
      assertThat(
              sql(
                  "SELECT attempts || ' ' || (node_id IS NOT NULL) FROM deliveries"
                      + " WHERE event_id = ?",
                  event))
          .isEqualTo("0 true");
      held.get(1).response().end();
      awaitSettled(event);
      assertThat(receiver.received()).hasSize(2);
    }
  }

  @Test
  void anOrderedEndpointGetsNothingWhileAnExchangeIsUnderWayAlsoAfterItsLeaseWasLost()
      throws Exception {
    try (TestGateway gateway = TestGateway.start(stores, ALONE);
        TestReceiver neighbour = new TestReceiver()) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url(), patient("1s").put("ordered", true));
      UUID event = send(source);
      await().atMost(PATIENCE).until(() -> held.size() == 1);
      takeOver();
      await()
          .atMost(PATIENCE)
          .until(
              () ->
                  sql(
                          "SELECT count(*) FROM deliveries JOIN nodes ON nodes.id = node_id"
                              + " WHERE event_id = ?",
                          event)
                      .equals("1"));
      gateway.newEndpoint(source, neighbour.url());
      source.send(TestSource.newPayload());
      neighbour.awaitReceived(1); // the same event loop has gone on
      assertThat(held).hasSize(1);
      receiver.answers(200);
      held.getFirst().response().end();
      awaitSettled(event);
    }
  }

  @Test
  void callsOfTheManagementApiThatHangDelayNoRetryAndCostNoLease() throws Exception {
    try (TestGateway gateway =
        TestGateway.start(stores, Map.of("USHER_POSTGRES_CONNECTIONS", "1"))) {
      TestSource source = gateway.newSource();
      receiver.answers(500);
      // Later than a lease ends that is not extended.
      JsonObject endpoint = gateway.newEndpoint(source, receiver.url(), patient("8s"));
      String path = "/v1/endpoints/" + endpoint.getString("id");
      String leases = sql("SELECT string_agg(id::text, ',' ORDER BY id) FROM nodes");
      UUID event = send(source);
      receiver.awaitReceived(1);
      awaitOneAttempt(event);
      receiver.answers(200);
      try (Sql.Locked _ =
          Sql.lock(
              stores.postgresUri(),
              "SELECT FROM endpoints WHERE id = ? FOR UPDATE",
              Objects.requireNonNull(EndpointId.parse(endpoint.getString("id"))).value())) {
        Thread hanging =
            Thread.ofVirtual()
                .start(() -> gateway.call("POST", path + "/pause", source.apiKey(), NOTHING));
        await()
            .atMost(PATIENCE)
            .until(
                () ->
                    sql("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                        .equals("1"));
        receiver.awaitReceived(2);
        assertThat(sql("SELECT string_agg(id::text, ',' ORDER BY id) FROM nodes"))
            .isEqualTo(leases);
        assertThat(hanging.isAlive()).isTrue();
      }
    }
  }

  private static final JsonObject NOTHING = new JsonObject();
}
