package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.ServeProcess;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** One endpoint that hangs, and what it leaves to the others. How fast is measured elsewhere. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FairnessIT {
  /** Less than the endpoints' time-out of 30 s: what arrives did not wait for it. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int DUE = 200_000;

  private final TestStores stores;
  private TestReceiver hanging;
  private TestReceiver healthy;

  FairnessIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void open() {
    hanging = new TestReceiver();
    hanging.answers(_ -> {});
    healthy = new TestReceiver();
  }

  @AfterEach
  void close() {
    hanging.close();
    healthy.close();
  }

  private static JsonObject patient() {
    return new JsonObject().put("timeout", "30s");
  }

  private static void send(TestSource source, int events, String filler) {
    for (int i = 0; i < events; i++) {
      JsonObject payload = TestSource.newPayload().put("filler", filler);
      assertThat(source.send(payload).statusCode()).isEqualTo(202);
    }
  }

  @Test
  void largeEventsThatHangLeaveMemoryForOthers() {
    Map<String, String> small =
        Map.of("USHER_INGRESS_BODY_LIMIT", "128KiB", "USHER_DELIVERY_HELD_BYTES", "1MiB");
    try (TestGateway gateway = TestGateway.start(stores, small)) {
      TestSource source = gateway.newSource();
      // All that these two endpoints get would not fit into memory.
      gateway.newEndpoint(source, hanging.url(), patient());
      gateway.newEndpoint(source, hanging.url(), patient());
      gateway.newEndpoint(source, healthy.url());
      send(source, 120, "x".repeat(60_000));
      TestSource other = gateway.newSource();
      gateway.newEndpoint(other, healthy.url());
      send(other, 30, "x".repeat(60_000));
      await().atMost(PATIENCE).until(() -> healthy.received().size() == 150);
      assertThat(hanging.received()).isNotEmpty();
      assertThat(gateway.metric("usher_delivery_attempts_total{outcome=\"timeout\"")).isZero();
    }
  }

  @Test
  void whatIsDueInTheTableFillsNoMemory() {
    TestSource source;
    TestSource other;
    UUID endpoint;
    try (TestGateway gateway = TestGateway.start(stores)) {
      source = gateway.newSource();
      other = gateway.newSource();
      JsonObject made = gateway.newEndpoint(source, hanging.url(), patient());
      endpoint = Objects.requireNonNull(EndpointId.parse(made.getString("id"))).value();
      gateway.call(
          "POST",
          "/v1/endpoints/" + made.getString("id") + "/pause",
          source.apiKey(),
          new JsonObject());
      gateway.newEndpoint(
          other, healthy.url(), new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
      HttpResponse<String> sent = source.send(TestSource.newPayload());
      makeDue(new JsonObject(sent.body()).getString("id"));
    }
    Sql.run(stores.postgresUri(), "UPDATE endpoints SET status = 'active' WHERE id = ?", endpoint);
    // Its heap is 128 MiB, and the bodies that are due are 400.
    try (ServeProcess node = ServeProcess.start(stores)) {
      await().atMost(PATIENCE).until(() -> hanging.received().size() > 32);
      for (int i = 0; i < 100; i++) {
        JsonObject payload = TestSource.newPayload();
        assertThat(
                TestGateway.send(
                        other
                            .signed(
                                node.ingress().resolve(other.path()),
                                payload.getString("id"),
                                payload.encode())
                            .build())
                    .statusCode())
            .isEqualTo(202);
      }
      await().atMost(PATIENCE).until(() -> healthy.received().size() == 100);
      assertThat(leased(endpoint)).isLessThanOrEqualTo(2 * (1_024 + 32));
      node.terminate();
      assertThat(node.awaitExit()).isZero();
    }
  }

  private int leased(UUID endpoint) {
    return Integer.parseInt(
        Objects.requireNonNull(
            Sql.value(
                stores.postgresUri(),
                "SELECT count(*) FROM deliveries WHERE endpoint_id = ? AND node_id IS NOT NULL",
                endpoint)));
  }

  /** Copies an event and its delivery. */
  private void makeDue(String event) {
    Sql.run(
        stores.postgresUri(),
        """
        WITH made AS (
          INSERT INTO events (organization_id, id, idempotency_key, type, content_type, headers, body)
          SELECT e.organization_id,
                 overlay(gen_random_uuid()::text placing left(e.id::text, 15) from 1)::uuid,
                 n::text, e.type, e.content_type, '', convert_to(repeat('x', 2000), 'UTF8')
          FROM events e, generate_series(1, ?) n WHERE e.id = ?
          RETURNING organization_id, id)
        INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at)
        SELECT m.organization_id, m.id, d.endpoint_id, now()
        FROM made m JOIN deliveries d ON d.organization_id = m.organization_id AND d.event_id = ?
        """,
        DUE,
        Objects.requireNonNull(EventId.parse(event)).value(),
        Objects.requireNonNull(EventId.parse(event)).value());
  }
}
