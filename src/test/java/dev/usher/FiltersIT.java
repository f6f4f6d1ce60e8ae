package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An endpoint gets what its filter wants, and nothing of the rest is ever written for it. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FiltersIT {
  private static final Duration WAIT = Duration.ofSeconds(20);

  private final TestStores stores;
  private final TestGateway gateway;
  private final TestReceiver receiver = new TestReceiver();

  FiltersIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
  }

  @AfterAll
  void stop() {
    gateway.close();
    receiver.close();
  }

  private static JsonObject filter(String pointer, Object value) {
    return new JsonObject()
        .put("filter", new JsonObject().put("pointer", pointer).put("equals", value));
  }

  private static JsonObject payload(String currency) {
    JsonObject payload = TestSource.newPayload();
    payload.getJsonObject("data").put("currency", currency);
    return payload;
  }

  private static String accepted(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new JsonObject(answer.body()).getString("id");
  }

  private JsonObject endpoint(TestSource source, JsonObject more) {
    return gateway.newEndpoint(source, receiver.url(), more);
  }

  private static String path(JsonObject endpoint) {
    return "/v1/endpoints/" + endpoint.getString("id");
  }

  /** Rows that were ever written for it: what is delivered leaves an attempt. */
  private int written(TestSource source, JsonObject endpoint) {
    String owed =
        Sql.value(
            stores.postgresUri(),
            "SELECT count(*) FROM deliveries d JOIN endpoints e ON e.id = d.endpoint_id"
                + " WHERE e.name = ?",
            endpoint.getString("name"));
    String query = "/v1/attempts?endpoint=" + endpoint.getString("id");
    return Integer.parseInt(Objects.requireNonNull(owed))
        + gateway.get(query, source.apiKey()).getJsonArray("data").size();
  }

  private void awaitStatus(TestSource source, String event, String status) {
    await()
        .atMost(WAIT)
        .untilAsserted(
            () ->
                assertThat(gateway.get("/v1/events/" + event, source.apiKey()).getString("status"))
                    .isEqualTo(status));
  }

  @Test
  void onlyWhatTheFilterWantsIsEverOwed() {
    TestSource source = gateway.newSource();
    JsonObject filtered = endpoint(source, filter("/data/currency", "CAD").put("name", "f1"));
    assertThat(filtered.getJsonObject("filter"))
        .isEqualTo(filter("/data/currency", "CAD").getJsonObject("filter"));

    String wanted = accepted(source.send(payload("CAD")));
    String refused = accepted(source.send(payload("USD")));
    awaitStatus(source, wanted, "succeeded");
    assertThat(gateway.get("/v1/events/" + refused, source.apiKey()).getString("status"))
        .isEqualTo("none");
    assertThat(written(source, filtered)).isEqualTo(1);
  }

  @Test
  void publishedEventsAreJudgedToo() {
    TestSource source = gateway.newSource();
    JsonObject filtered = endpoint(source, filter("/data/seat", 2).put("name", "f2"));
    JsonArray events = new JsonArray();
    for (int seat = 1; seat <= 3; seat++) {
      events.add(
          new JsonObject()
              .put("type", "seat.sold")
              .put("data", new JsonObject().put("seat", seat)));
    }
    JsonObject answer =
        new JsonObject(
            gateway
                .call(
                    "POST",
                    "/v1/events/batch",
                    source.apiKey(),
                    new JsonObject().put("events", events))
                .body());
    JsonArray data = answer.getJsonArray("data");
    awaitStatus(source, data.getJsonObject(1).getString("id"), "succeeded");
    awaitStatus(source, data.getJsonObject(0).getString("id"), "none");
    awaitStatus(source, data.getJsonObject(2).getString("id"), "none");
    assertThat(written(source, filtered)).isEqualTo(1);
  }

  @Test
  void anotherEndpointWithoutAFilterGetsEverything() {
    TestSource source = gateway.newSource();
    JsonObject filtered = endpoint(source, filter("/data/currency", "CAD").put("name", "f3"));
    JsonObject open = endpoint(source, new JsonObject().put("name", "o3"));
    JsonObject elsewhere =
        endpoint(
            source, filter("/x", 1).put("name", "t3").put("events", new JsonArray().add("seat.*")));
    awaitStatus(source, accepted(source.send(payload("USD"))), "succeeded");
    assertThat(written(source, filtered)).isZero();
    assertThat(written(source, open)).isEqualTo(1);
    assertThat(written(source, elsewhere)).isZero();
  }

  @Test
  void whereAKeyMayBeKnownTheFilterHoldsAsWell() {
    TestSource source = gateway.newSource();
    JsonObject filtered = endpoint(source, filter("/data/currency", "CAD").put("name", "f4"));
    JsonObject first = payload("USD");
    accepted(source.send(first));
    stores.flushRedis();
    assertThat(source.send(first).statusCode()).isEqualTo(200); // Postgres said so
    for (int i = 0; i < 5; i++) {
      accepted(source.send(payload("USD")));
    }
    awaitStatus(source, accepted(source.send(payload("CAD"))), "succeeded");
    assertThat(written(source, filtered)).isEqualTo(1);
  }

  @Test
  void aFilterIsReplacedAsAWholeAndCountsAtOnce() {
    TestSource source = gateway.newSource();
    JsonObject filtered = endpoint(source, filter("/data/currency", "CAD").put("name", "f5"));
    JsonObject prefix =
        new JsonObject()
            .put("filter", new JsonObject().put("pointer", "/data/currency").put("prefix", "U"));
    JsonObject changed =
        new JsonObject(gateway.call("PATCH", path(filtered), source.apiKey(), prefix).body());
    assertThat(changed.getJsonObject("filter")).isEqualTo(prefix.getJsonObject("filter"));
    awaitStatus(source, accepted(source.send(payload("USD"))), "succeeded");
    awaitStatus(source, accepted(source.send(payload("CAD"))), "none");

    gateway.call("PATCH", path(filtered), source.apiKey(), new JsonObject().putNull("filter"));
    awaitStatus(source, accepted(source.send(payload("CAD"))), "succeeded");
    assertThat(gateway.get(path(filtered), source.apiKey()).getValue("filter")).isNull();
  }

  @Test
  void aResendHoldsToTheFilterUnlessItNamesTheEndpoint() {
    TestSource source = gateway.newSource();
    JsonObject filtered = endpoint(source, filter("/data/currency", "CAD").put("name", "f6"));
    String event = accepted(source.send(payload("USD")));
    assertThat(resend(source, event, new JsonObject())).isZero();
    assertThat(resend(source, event, new JsonObject().put("endpoint", filtered.getString("id"))))
        .isEqualTo(1);
    awaitStatus(source, event, "succeeded");
    assertThat(resend(source, event, new JsonObject())).isEqualTo(1); // it had it before
  }

  private int resend(TestSource source, String event, JsonObject body) {
    return new JsonObject(
            gateway.call("POST", "/v1/events/" + event + "/resend", source.apiKey(), body).body())
        .getInteger("deliveries");
  }

  @Test
  void theGatewaysOwnEventsAreJudgedToo() {
    TestSource source = gateway.newSource();
    try (TestReceiver gone = new TestReceiver()) {
      gone.answers(410);
      String id = gateway.newEndpoint(source, gone.url()).getString("id");
      JsonArray own = new JsonArray().add("usher.*");
      JsonObject wants = endpoint(source, filter("/data/endpoint", id).put("name", "w7"));
      gateway.call("PATCH", path(wants), source.apiKey(), new JsonObject().put("events", own));
      JsonObject other =
          endpoint(source, filter("/data/endpoint", "x").put("name", "x7").put("events", own));
      accepted(source.send(payload("CAD")));
      await().atMost(WAIT).until(() -> written(source, wants) == 1);
      assertThat(written(source, other)).isZero();
      assertThat(
              gateway
                  .get("/v1/audit?action=endpoint.disabled", source.apiKey())
                  .getJsonArray("data")
                  .getJsonObject(0)
                  .getString("actor"))
          .isEqualTo("gateway");
    }
  }

  @Test
  void whatIsNoFilterIsRefusedWithEveryFault() {
    TestSource source = gateway.newSource();
    JsonObject wrong =
        new JsonObject()
            .put("name", "w")
            .put("url", receiver.url())
            .put("events", new JsonArray().add("*"))
            .put(
                "filter",
                new JsonObject()
                    .put(
                        "and",
                        new JsonArray()
                            .add(new JsonObject().put("pointer", "a").put("equals", 1))
                            .add(new JsonObject().put("pointer", "/a").put("like", 1))));
    HttpResponse<String> refused = gateway.call("POST", "/v1/endpoints", source.apiKey(), wrong);
    assertThat(refused.statusCode()).isEqualTo(400);
    JsonArray errors = new JsonObject(refused.body()).getJsonArray("errors");
    assertThat(errors.getJsonObject(0).getString("field")).isEqualTo("filter.and[0].pointer");
    assertThat(errors.getJsonObject(1).getString("field")).isEqualTo("filter.and[1]");
  }
}
