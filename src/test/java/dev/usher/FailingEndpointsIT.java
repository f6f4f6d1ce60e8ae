package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of an endpoint that fails and fails, and who is told of it. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailingEndpointsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final TestStores stores;
  private final TestGateway gateway;
  private TestReceiver receiver;
  private TestReceiver operator;
  private TestSource source;

  FailingEndpointsIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
  }

  @BeforeEach
  void prepare() {
    receiver = new TestReceiver();
    operator = new TestReceiver();
    source = gateway.newSource();
  }

  @AfterEach
  void close() {
    receiver.close();
    operator.close();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private static JsonObject retries(int times) {
    JsonArray waits = new JsonArray(Collections.nCopies(times, "1s"));
    return new JsonObject().put("retry_schedule", waits);
  }

  private static JsonObject wants(String... patterns) {
    return new JsonObject().put("events", new JsonArray(List.of(patterns)));
  }

  private JsonObject endpoint(JsonObject made) {
    return gateway.get("/v1/endpoints/" + made.getString("id"), source.apiKey());
  }

  private static JsonObject told(Received request) {
    return request.body().toJsonObject();
  }

  @Test
  void anOpenCircuitCostsNoAttemptAndTheFirstSuccessClosesIt() {
    gateway.newEndpoint(source, receiver.url(), retries(20).put("concurrency", 1));
    List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());
    receiver.answers(
        request -> {
          arrivals.add(System.nanoTime());
          // Slowly, so that others wait in memory when the circuit opens.
          Vertx.currentContext()
              .owner()
              .setTimer(50, _ -> request.response().setStatusCode(500).end());
        });
    for (int i = 0; i < 40; i++) {
      source.send(TestSource.newPayload());
    }
    // Ten open it; each of the two event loops may have one more under way. The rest are tries.
    receiver.awaitReceived(13);
    assertThat(gateway.metric("usher_delivery_circuits_open")).isEqualTo(1);
    List<Long> tries = List.copyOf(arrivals).subList(11, 13);
    assertThat(tries.get(1) - tries.get(0)).isGreaterThan(Duration.ofMillis(900).toNanos());
    assertThat(gateway.metric("usher_delivery_attempts_total{outcome=\"circuit_open\""))
        .isPositive();
    receiver.answers(200);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                "0".equals(Sql.value(stores.postgresUri(), "SELECT count(*) FROM deliveries"))
                    && gateway.metric("usher_delivery_circuits_open") == 0);
    assertThat(
            Sql.value(
                stores.postgresUri(),
                "SELECT count(*) FROM attempts WHERE outcome = 'circuit_open'"))
        .isEqualTo("0");
  }

  @Test
  void anEndpointThatRefusesSomeEventsIsStillThereForTheOthers() {
    gateway.newEndpoint(source, receiver.url(), retries(1));
    receiver.answers(422);
    for (int i = 0; i < 30; i++) {
      source.send(TestSource.newPayload());
    }
    receiver.awaitReceived(60);
    assertThat(gateway.metric("usher_delivery_circuits_open")).isZero();
  }

  @Test
  void goneDisablesTheEndpointAndTellsThoseWhoAsked() {
    JsonObject gone = gateway.newEndpoint(source, receiver.url(), retries(3));
    gateway.newEndpoint(source, operator.url(), wants("usher.endpoint.disabled"));
    receiver.answers(410);
    source.send(TestSource.newPayload());
    JsonObject event = told(operator.awaitReceived(1).getFirst());
    assertThat(event.getString("event_type")).isEqualTo("usher.endpoint.disabled");
    assertThat(event.getString("id")).startsWith("evt_");
    assertThat(event.getJsonObject("data").getString("endpoint")).isEqualTo(gone.getString("id"));
    assertThat(event.getJsonObject("data").getString("reason")).contains("410");
    JsonObject shown = endpoint(gone);
    assertThat(shown.getString("status")).isEqualTo("disabled");
    assertThat(shown.getString("disabled_reason")).contains("410 Gone");

    // What it was owed is kept, and flows when a person activates it.
    String later = new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
    receiver.answers(200);
    gateway.call(
        "POST",
        "/v1/endpoints/" + gone.getString("id") + "/activate",
        source.apiKey(),
        new JsonObject());
    await()
        .atMost(PATIENCE)
        .until(() -> receiver.received().stream().anyMatch(r -> r.webhookId().equals(later)));
    assertThat(endpoint(gone).getString("status")).isEqualTo("active");
  }

  @Test
  void aDeliveryThatIsGivenUpIsAnEventOnceAndItsOwnFailureIsNone() {
    JsonObject failing = gateway.newEndpoint(source, receiver.url(), retries(1));
    receiver.answers(500);
    gateway.newEndpoint(
        source, operator.url(), retries(1).mergeIn(wants("usher.*", "webhook.test")));
    operator.answers(500);
    String id = new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
    List<Received> requests = operator.awaitReceived(2); // the first attempt and the last
    JsonObject event = told(requests.getFirst());
    assertThat(event.getString("event_type")).isEqualTo("usher.delivery.exhausted");
    JsonObject data = event.getJsonObject("data");
    assertThat(data.getString("event")).isEqualTo(id);
    assertThat(data.getString("event_type")).isEqualTo("invoice.purchase");
    assertThat(data.getString("endpoint")).isEqualTo(failing.getString("id"));
    assertThat(data.getInteger("attempts")).isEqualTo(2);
    assertThat(data.getJsonObject("last_attempt").getInteger("http_status")).isEqualTo(500);
    assertThat(requests).extracting(Received::webhookId).containsOnly(event.getString("id"));
    await()
        .atMost(PATIENCE)
        .until(
            () -> "0".equals(Sql.value(stores.postgresUri(), "SELECT count(*) FROM deliveries")));
    assertThat(eventTypes(source))
        .containsExactlyInAnyOrder("invoice.purchase", event.getString("event_type"));
  }

  private Stream<String> eventTypes(TestSource of) {
    return gateway.get("/v1/events", of.apiKey()).getJsonArray("data").stream()
        .map(event -> ((JsonObject) event).getString("type"));
  }

  @Test
  void everythingThatSendersSendIsNotWhatTheGatewayTells() {
    gateway.newEndpoint(source, receiver.url(), retries(1));
    gateway.newEndpoint(source, operator.url(), wants("*"));
    receiver.answers(410);
    source.send(TestSource.newPayload());
    await().atMost(PATIENCE).until(() -> eventTypes(source).count() == 2);
    String after = new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
    await()
        .atMost(PATIENCE)
        .until(() -> operator.received().stream().anyMatch(r -> r.webhookId().equals(after)));
    assertThat(operator.received())
        .allMatch(request -> told(request).getString("event_type").equals("invoice.purchase"));
  }

  @Test
  void fiveDaysOfNothingButFailuresDisableAnEndpoint() {
    JsonObject failing = gateway.newEndpoint(source, receiver.url());
    gateway.newEndpoint(source, operator.url(), wants("usher.*"));
    recordFailure(failing, "5 days 1 minute", "1 hour");
    JsonObject event = told(operator.awaitReceived(1).getFirst());
    assertThat(event.getString("event_type")).isEqualTo("usher.endpoint.disabled");
    assertThat(endpoint(failing).getString("status")).isEqualTo("disabled");
    assertThat(endpoint(failing).getString("disabled_reason")).startsWith("every attempt since");
  }

  @Test
  void aSuccessEndsTheRecordOfFailuresWhoeverMadeIt() {
    JsonObject working = gateway.newEndpoint(source, receiver.url());
    recordFailure(working, "4 days", "1 minute");
    String records =
        "SELECT count(*) FROM endpoint_failures f JOIN endpoints e ON e.id = f.endpoint_id"
            + " WHERE e.url = ?";
    await()
        .atMost(PATIENCE)
        .until(
            () -> {
              source.send(TestSource.newPayload());
              return "0".equals(Sql.value(stores.postgresUri(), records, receiver.url()));
            });
    assertThat(endpoint(working).getString("status")).isEqualTo("active");
  }

  /** Writes what a node would have, so long ago; the endpoint is as old. */
  private void recordFailure(JsonObject endpoint, String since, String last) {
    String url = endpoint.getString("url");
    Sql.run(
        stores.postgresUri(),
        "SET session_replication_role = replica;"
            + " UPDATE endpoints SET changed_at = now() - interval '30 days' WHERE url = ?",
        url);
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO endpoint_failures"
            + " SELECT organization_id, id, now() - ?::interval, now() - ?::interval"
            + " FROM endpoints WHERE url = ?",
        since,
        last,
        url);
  }
}
