package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.crypto.ShowpassSigner;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Published events take the way of received ones, with the same promise. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PublishingIT {
  private final TestStores stores;
  private final TestGateway gateway;
  private final TestGateway other;

  PublishingIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
    this.other = TestGateway.start(stores);
  }

  @AfterAll
  void stop() {
    gateway.close();
    other.close();
  }

  @Test
  void anEventIsDeliveredInTheShowpassEnvelopeWithItsDataAsItCame() {
    TestSource tenant = gateway.newSource();
    try (TestReceiver receiver = new TestReceiver()) {
      String secret = gateway.newEndpoint(tenant, receiver.url()).getString("secret");
      String data =
          "{ \"transaction_id\": \"T-7\",  \"amount\": 10.50, \"big\": 12345678901234567890123 }";
      HttpResponse<String> answer =
          publish(gateway, tenant, "{\"type\":\"invoice.purchase\",\"data\":" + data + "}", null);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);

      Received received = receiver.awaitReceived(1).getFirst();
      String id = new JsonObject(answer.body()).getString("id");
      assertThat(received.webhookId()).isEqualTo(id);
      assertThat(received.body().toString()).endsWith(",\"data\":" + data + "}");
      JsonObject body = received.body().toJsonObject();
      assertThat(body.getString("id")).isEqualTo("T-7");
      assertThat(body.getString("event_type")).isEqualTo("invoice.purchase");
      assertThat(UUID.fromString(body.getString("webhook_event_uuid")).version()).isEqualTo(7);
      assertThat(received.headers().get("X-SHOWPASS-SIGNATURE"))
          .isEqualTo(new ShowpassSigner(secret).sign("T-7"));
      assertThat(received.headers().get("webhook-signature")).startsWith("v1,");
      assertThat(received.headers().get("content-type")).isEqualTo("application/json");

      JsonObject shown = gateway.get("/v1/events/" + id, tenant.apiKey());
      assertThat(shown.getString("source")).isNull();
      assertThat(shown.getString("type")).isEqualTo("invoice.purchase");
    }
  }

  @Test
  void aRepeatedIdIsAcceptedOnceOverNodesAlsoWhenRedisForgets()
      throws ExecutionException, InterruptedException {
    TestSource tenant = gateway.newSource();
    String event = "{\"type\":\"order.paid\",\"id\":\"order-77\",\"data\":{\"n\":1}}";
    Set<String> ids = new HashSet<>();
    List<String> statuses = new ArrayList<>();
    try (ExecutorService together = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        TestGateway node = i % 2 == 0 ? gateway : other;
        answers.add(together.submit(() -> publish(node, tenant, event, null)));
      }
      stores.flushRedis();
      for (Future<HttpResponse<String>> answer : answers) {
        JsonObject body = new JsonObject(answer.get().body());
        assertThat(answer.get().statusCode()).as(answer.get().body()).isIn(200, 202);
        ids.add(body.getString("id"));
        statuses.add(body.getString("status"));
      }
    }
    assertThat(ids).hasSize(1);
    assertThat(statuses).containsOnlyOnce("accepted");
    assertThat(publish(gateway, tenant, event.replace("1}", "2}"), null).statusCode())
        .isEqualTo(409);
    assertThat(publish(gateway, tenant, event.replace("paid", "void"), null).statusCode())
        .isEqualTo(409);
    assertThat(publish(gateway, gateway.newSource(), event, null).statusCode()).isEqualTo(202);
  }

  @Test
  void anIdempotencyKeyNamesAnEventThatHasNoIdOfItsOwn() {
    TestSource tenant = gateway.newSource();
    String event = "{\"type\":\"a\",\"data\":{}}";
    HttpResponse<String> first = publish(gateway, tenant, event, "k1");
    HttpResponse<String> again = publish(gateway, tenant, event, "k1");
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(again.body()).getString("id"))
        .isEqualTo(new JsonObject(first.body()).getString("id"));
    assertThat(publish(gateway, tenant, event, null).statusCode()).isEqualTo(202);
    assertThat(publish(gateway, tenant, event, null).statusCode()).isEqualTo(202);
  }

  @Test
  void everyEventOfABatchIsDeliveredAndSentAgainItIsAllDuplicates() {
    TestSource tenant = gateway.newSource();
    try (TestReceiver receiver = new TestReceiver()) {
      gateway.newEndpoint(tenant, receiver.url());
      JsonArray events = new JsonArray();
      for (int i = 0; i < 600; i++) {
        events.add(
            new JsonObject().put("type", "seat.sold").put("data", new JsonObject().put("seat", i)));
      }
      String batch = new JsonObject().put("events", events).encode();
      JsonObject first = expect(202, publishBatch(tenant, batch, "b1"));
      JsonObject again = expect(202, publishBatch(tenant, batch, "b1"));

      assertThat(first.getInteger("failed")).isZero();
      assertThat(values(first, "status")).hasSize(600).containsOnly("accepted");
      assertThat(values(again, "status")).hasSize(600).containsOnly("duplicate");
      assertThat(values(again, "id")).isEqualTo(values(first, "id")).isSorted();
      Set<String> delivered = new HashSet<>();
      receiver.awaitReceived(600).forEach(received -> delivered.add(received.webhookId()));
      assertThat(delivered).containsExactlyInAnyOrderElementsOf(values(first, "id"));
    }
  }

  @Test
  void anIdThatIsTwiceInABatchIsAcceptedOnce() {
    TestSource tenant = gateway.newSource();
    String one = "{\"type\":\"a\",\"id\":\"x\",\"data\":{\"n\":1}}";
    String batch = "{\"events\":[%s,%s,%s]}".formatted(one, one, one.replace("1}", "2}"));
    JsonObject answer = expect(202, publishBatch(tenant, batch, "twice"));
    assertThat(values(answer, "status")).containsExactly("accepted", "duplicate", "conflict");
    assertThat(Set.copyOf(values(answer, "id"))).hasSize(1);
    assertThat(answer.getInteger("failed")).isEqualTo(1);
    assertThat(gateway.get("/v1/events", tenant.apiKey()).getJsonArray("data")).hasSize(1);
  }

  @Test
  void theSendersTraceGoesOn() {
    TestSource tenant = gateway.newSource();
    try (TestReceiver receiver = new TestReceiver()) {
      gateway.newEndpoint(tenant, receiver.url());
      String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      HttpRequest request =
          request(gateway, tenant, "/v1/events", "{\"type\":\"a\",\"data\":{}}")
              .header("traceparent", trace)
              .build();
      assertThat(TestGateway.send(request).statusCode()).isEqualTo(202);
      assertThat(receiver.awaitReceived(1).getFirst().headers().get("traceparent"))
          .startsWith("00-4bf92f3577b34da6a3ce929d0e0e4736-");
    }
  }

  @Test
  void whatIsRefusedIsNotWrittenDown() {
    TestSource tenant = gateway.newSource();
    String events = "{\"events\":[{\"type\":\"a\",\"data\":{}},{\"type\":\"a b\",\"data\":{}}]}";
    assertThat(publishBatch(tenant, events, "x").statusCode()).isEqualTo(400);
    assertThat(gateway.get("/v1/events", tenant.apiKey()).getJsonArray("data")).isEmpty();
  }

  private static List<String> values(JsonObject answer, String member) {
    return answer.getJsonArray("data").stream()
        .map(result -> ((JsonObject) result).getString(member))
        .toList();
  }

  private static JsonObject expect(int status, HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return new JsonObject(answer.body());
  }

  private static HttpResponse<String> publish(
      TestGateway node, TestSource tenant, String event, @Nullable String key) {
    return send(request(node, tenant, "/v1/events", event), key);
  }

  private HttpResponse<String> publishBatch(TestSource tenant, String batch, String key) {
    return send(request(gateway, tenant, "/v1/events/batch", batch), key);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request, @Nullable String key) {
    return TestGateway.sendToControl(
        (key == null ? request : request.header("idempotency-key", key)).build());
  }

  private static HttpRequest.Builder request(
      TestGateway node, TestSource tenant, String path, String body) {
    return HttpRequest.newBuilder(node.control(path))
        .header("authorization", "Bearer " + tenant.apiKey())
        .header("content-type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }
}
