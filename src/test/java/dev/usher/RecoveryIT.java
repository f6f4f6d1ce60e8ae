package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Putting a broken receiver right: what was given up, sending it again, trying the endpoint. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecoveryIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Dead letters of a bulk; {@code -Dusher.letters=1000000} makes more of it than a build does. */
  private static final int LETTERS = Integer.getInteger("usher.letters", 200_000);

  private final TestStores stores;
  private final TestGateway gateway;
  private TestReceiver receiver;
  private TestSource source;
  private String endpoint;

  RecoveryIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
  }

  @BeforeEach
  void prepare() {
    receiver = new TestReceiver();
    source = gateway.newSource();
    endpoint =
        gateway
            .newEndpoint(
                source,
                receiver.url(),
                new JsonObject().put("retry_schedule", new JsonArray().add("1s")))
            .getString("id");
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private String send() {
    return new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
  }

  private HttpResponse<String> post(String path, JsonObject body) {
    return gateway.call("POST", path, source.apiKey(), body);
  }

  private JsonObject recover(Instant since) {
    HttpResponse<String> answer =
        post(
            "/v1/endpoints/" + endpoint + "/recover",
            new JsonObject().put("since", since.toString()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new JsonObject(answer.body());
  }

  private List<String> deadLetters(String query) {
    return gateway.get("/v1/dead-letters" + query, source.apiKey()).getJsonArray("data").stream()
        .map(letter -> ((JsonObject) letter).getString("event"))
        .toList();
  }

  private JsonObject recovery(String id) {
    return gateway.get("/v1/recoveries/" + id, source.apiKey());
  }

  @Test
  void whatWasGivenUpIsListedAndSentAgainAndIsNoDeadLetterThen() {
    Instant before = Instant.now().minusSeconds(60);
    receiver.answers(500);
    List<String> given = List.of(send(), send(), send());
    await().atMost(PATIENCE).until(() -> deadLetters("").size() == 3);
    assertThat(deadLetters("?endpoint=" + endpoint)).containsExactlyInAnyOrderElementsOf(given);
    assertThat(deadLetters("?type=invoice.refund")).isEmpty();
    assertThat(deadLetters("?since=" + Instant.now().plusSeconds(60))).isEmpty();

    receiver.answers(200);
    JsonObject begun = recover(before);
    assertThat(begun.getInteger("deliveries")).isEqualTo(3);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                recovery(begun.getString("id")).getString("status").equals("done")
                    && deadLetters("").isEmpty()
                    && receiver.received().size() == 9);
    assertThat(recovery(begun.getString("id")).getInteger("recovered")).isEqualTo(3);
    assertThat(receiver.received().subList(6, 9))
        .extracting(Received::webhookId)
        .containsExactlyInAnyOrderElementsOf(given);
    assertThat(recover(before).getInteger("deliveries")).isZero();
  }

  @Test
  void anotherTimeAnotherEndpointAndAnotherTenantAreLeftAlone() {
    receiver.answers(500);
    send();
    await().atMost(PATIENCE).until(() -> deadLetters("").size() == 1);
    assertThat(recover(Instant.now().minusMillis(1)).getInteger("deliveries")).isZero();
    TestSource other = gateway.newSource();
    assertThat(
            gateway
                .call(
                    "POST",
                    "/v1/endpoints/" + endpoint + "/recover",
                    other.apiKey(),
                    new JsonObject().put("since", "2026-01-01T00:00:00Z"))
                .statusCode())
        .isEqualTo(404);
    assertThat(gateway.get("/v1/dead-letters", other.apiKey()).getJsonArray("data")).isEmpty();
    assertThat(gateway.get("/v1/recoveries", other.apiKey()).getJsonArray("data")).isEmpty();
    String recovery = recover(Instant.now().minusMillis(1)).getString("id");
    assertThat(
            gateway
                .call("GET", "/v1/recoveries/" + recovery, other.apiKey(), new JsonObject())
                .statusCode())
        .isEqualTo(404);
    assertThat(
            gateway
                .call(
                    "POST",
                    "/v1/recoveries/" + recovery + "/cancel",
                    other.apiKey(),
                    new JsonObject())
                .statusCode())
        .isEqualTo(404);
  }

  @Test
  void aSpanThatMakesNoSenseIsRefused() {
    String path = "/v1/endpoints/" + endpoint + "/recover";
    for (JsonObject body :
        List.of(
            new JsonObject(),
            new JsonObject().put("since", "yesterday"),
            new JsonObject().put("since", 7),
            new JsonObject().put("since", "2999-01-01T00:00:00Z"),
            new JsonObject()
                .put("since", "2026-01-02T00:00:00Z")
                .put("until", "2026-01-01T00:00:00Z"),
            new JsonObject().put("since", "2026-01-01T00:00:00Z").put("from", "x"))) {
      HttpResponse<String> answer = post(path, body);
      assertThat(answer.statusCode()).as(body.encode()).isEqualTo(400);
    }
  }

  /** Writes what failed at this endpoint, as nodes would have. */
  private int makeDeadLetters() {
    String id = send();
    receiver.awaitReceived(1);
    String copies =
        """
        WITH made AS (
          INSERT INTO events (organization_id, id, idempotency_key, type, content_type, headers, body)
          SELECT e.organization_id, overlay(gen_random_uuid()::text placing left(e.id::text, 15) from 1)::uuid,
                 n::text, e.type, e.content_type, '', e.body
          FROM events e, generate_series(1, ?) n WHERE e.id = ?
          RETURNING organization_id, id)
        INSERT INTO attempts (organization_id, id, event_id, endpoint_id, number, outcome, started_at, duration_ms)
        SELECT organization_id, overlay(gen_random_uuid()::text placing left(id::text, 15) from 1)::uuid,
               id, ?, 2, 'timeout', now(), 1 FROM made
        """;
    UUID event = Objects.requireNonNull(EventId.parse(id)).value();
    Sql.run(stores.postgresUri(), copies, LETTERS, event, endpointUuid());
    return LETTERS;
  }

  private UUID endpointUuid() {
    return Objects.requireNonNull(EndpointId.parse(endpoint)).value();
  }

  private int due() {
    return Integer.parseInt(
        Objects.requireNonNull(
            Sql.value(
                stores.postgresUri(),
                "SELECT count(*) FROM deliveries WHERE endpoint_id = ?",
                endpointUuid())));
  }

  @Test
  void aBulkLeavesRoomForNewEventsAndCanBeStopped() {
    int letters = makeDeadLetters();
    List<Runnable> held = new ArrayList<>();
    receiver.answers(
        request -> {
          synchronized (held) {
            held.add(() -> request.response().end());
          }
        });
    JsonObject begun = recover(Instant.now().minusSeconds(3_600));
    assertThat(begun.getInteger("deliveries")).isEqualTo(letters);
    assertThat(begun.getString("status")).isEqualTo("running");
    // It goes on until enough waits, and no further.
    await().atMost(PATIENCE).until(() -> due() > 1_000);
    assertThatOthersAreServed();
    String path = "/v1/recoveries/" + begun.getString("id");
    HttpResponse<String> cancelled = post(path + "/cancel", new JsonObject());
    assertThat(cancelled.statusCode()).isEqualTo(200);
    JsonObject stopped = new JsonObject(cancelled.body());
    assertThat(stopped.getString("status")).isEqualTo("cancelled");
    assertThat(stopped.getInteger("recovered")).isLessThan(letters);
    assertThat(
            gateway
                .get("/v1/recoveries?endpoint=" + endpoint, source.apiKey())
                .getJsonArray("data"))
        .hasSize(1);
    receiver.answers(200);
    synchronized (held) {
      held.forEach(Runnable::run);
    }
    await().atMost(PATIENCE).until(() -> due() == 0);
    assertThat(recovery(begun.getString("id")).getInteger("recovered"))
        .isEqualTo(stopped.getInteger("recovered"));
    // What was not sent again is still there to be recovered.
    JsonObject again = recover(Instant.now().minusSeconds(3_600));
    assertThat(again.getInteger("deliveries")).isEqualTo(letters);
    post("/v1/recoveries/" + again.getString("id") + "/cancel", new JsonObject());
  }

  @Test
  void whatWaitsHoursForItsRetryDoesNotHoldUpARecovery() {
    receiver.answers(500);
    send();
    await().atMost(PATIENCE).until(() -> deadLetters("").size() == 1);
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO deliveries (organization_id, event_id, endpoint_id, attempts, due_at)"
            + " SELECT organization_id, gen_random_uuid(), id, 5, now() + interval '10 hours'"
            + " FROM endpoints, generate_series(1, 1500) WHERE id = ?",
        endpointUuid());
    receiver.answers(200);
    String begun = recover(Instant.now().minusSeconds(3_600)).getString("id");
    await().atMost(PATIENCE).until(() -> recovery(begun).getString("status").equals("done"));
    await().atMost(PATIENCE).until(() -> deadLetters("").isEmpty() && due() == 1_500);
  }

  /** Another endpoint of the same organization, and another organization's, get their events. */
  private void assertThatOthersAreServed() {
    try (TestReceiver neighbour = new TestReceiver()) {
      gateway.newEndpoint(source, neighbour.url());
      TestSource other = gateway.newSource();
      gateway.newEndpoint(other, neighbour.url());
      for (int i = 0; i < 20; i++) {
        assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
        assertThat(other.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
      }
      await().atMost(PATIENCE).until(() -> neighbour.received().size() == 40);
    }
  }

  @Test
  void aTestSendsOneEventToThisEndpointOnlyAndTellsWhatCameOfIt() {
    try (TestReceiver neighbour = new TestReceiver()) {
      gateway.newEndpoint(source, neighbour.url());
      JsonObject passed = test();
      assertThat(passed.getString("status")).isEqualTo("succeeded");
      assertThat(passed.getString("type")).isEqualTo("webhook.test");
      assertThat(passed.getInteger("http_status")).isEqualTo(200);
      Received request = receiver.awaitReceived(1).getFirst();
      assertThat(request.webhookId()).isEqualTo(passed.getString("event"));
      JsonObject payload = request.body().toJsonObject();
      assertThat(payload.getString("event_type")).isEqualTo("webhook.test");
      assertThat(request.headers().get("X-SHOWPASS-SIGNATURE")).isNotBlank();

      receiver.answers(request2 -> request2.response().setStatusCode(500).end("oops"));
      gateway.call(
          "POST", "/v1/endpoints/" + endpoint + "/pause", source.apiKey(), new JsonObject());
      JsonObject failed = test();
      assertThat(failed.getString("status")).isEqualTo("failed");
      assertThat(failed.getString("error")).contains("500");
      assertThat(failed.getString("response_body")).isEqualTo("oops");
      assertThat(failed.getValue("next_attempt_at")).isNull();
      JsonObject logged =
          gateway
              .get("/v1/attempts?event=" + failed.getString("event"), source.apiKey())
              .getJsonArray("data")
              .getJsonObject(0);
      assertThat(logged.getString("id")).isEqualTo(failed.getString("id"));
      assertThat(receiver.received()).hasSize(2);
      assertThat(neighbour.received()).isEmpty();
      assertThat(
              gateway
                  .call(
                      "POST",
                      "/v1/endpoints/" + endpoint + "/test",
                      gateway.newSource().apiKey(),
                      new JsonObject())
                  .statusCode())
          .isEqualTo(404);
    }
  }

  private JsonObject test() {
    HttpResponse<String> answer = post("/v1/endpoints/" + endpoint + "/test", new JsonObject());
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void whatADeletedEndpointWasOwedIsDeletedEvenIfItCameInAtThatMoment() {
    send();
    receiver.awaitReceived(1);
    gateway.call("DELETE", "/v1/endpoints/" + endpoint, source.apiKey(), new JsonObject());
    Sql.run(
        stores.postgresUri(),
        "INSERT INTO deliveries (organization_id, event_id, endpoint_id, due_at)"
            + " SELECT organization_id, gen_random_uuid(), id, now() FROM endpoints,"
            + " generate_series(1, 2500) WHERE id = ?",
        endpointUuid());
    // A node looks when it starts, and then every minute.
    try (TestGateway another = TestGateway.start(stores)) {
      await().atMost(PATIENCE).until(() -> due() == 0);
    }
  }
}
