package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.crypto.ShowpassSigner;
import dev.usher.crypto.StandardWebhooksSigner;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an endpoint receives, and what becomes of its failures. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeliveryIT {
  private final TestStores stores;
  private final TestGateway gateway;
  private TestReceiver receiver;
  private TestSource source;

  DeliveryIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
  }

  @BeforeEach
  void prepare() {
    receiver = new TestReceiver();
    source = gateway.newSource();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private static JsonObject retryingSoon() {
    return new JsonObject()
        .put("retry_schedule", new JsonArray().add("1s").add("1s").add("1s"))
        .put("timeout", "1s");
  }

  private String send(JsonObject payload) {
    return new JsonObject(source.send(payload).body()).getString("id");
  }

  /** The first attempt at delivering the event that the log shows, once it is there. */
  private JsonObject awaitAttempt(String event) {
    return await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              JsonArray attempts =
                  gateway.get("/v1/attempts?event=" + event, source.apiKey()).getJsonArray("data");
              return attempts.isEmpty() ? null : attempts.getJsonObject(attempts.size() - 1);
            },
            Objects::nonNull);
  }

  @Test
  void theBodyArrivesAsReceivedSignedInBothWays() {
    JsonObject endpoint = gateway.newEndpoint(source, receiver.url());
    String secret = endpoint.getString("secret");
    JsonObject payload = TestSource.newPayload();
    String id = send(payload);
    Received request = receiver.awaitReceived(1).getFirst();
    assertThat(request.body().toString()).isEqualTo(payload.encode());
    assertThat(request.headers().get("content-type")).isEqualTo("application/json");
    assertThat(request.headers().get("user-agent")).isEqualTo("Usher/test");
    assertThat(request.webhookId()).isEqualTo(id);
    assertThat(request.headers().get("usher-attempt")).isEqualTo("1");
    assertThat(request.headers().get("traceparent")).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]");
    assertThat(request.headers().get("X-SHOWPASS-SIGNATURE"))
        .isEqualTo(new ShowpassSigner(secret).sign(payload.getString("id")));
    long timestamp = Long.parseLong(request.headers().get("webhook-timestamp"));
    assertThat(request.headers().get("webhook-signature"))
        .isEqualTo(
            Objects.requireNonNull(StandardWebhooksSigner.of(secret))
                .sign(id, timestamp, request.body().getBytes()));
    JsonObject attempt = awaitAttempt(id);
    assertThat(attempt.getString("status")).isEqualTo("succeeded");
    assertThat(attempt.getInteger("http_status")).isEqualTo(200);
  }

  @Test
  void anEventGoesToTheEndpointsThatSubscribedToItsType() {
    gateway.newEndpoint(
        source,
        receiver.url() + "?a",
        new JsonObject().put("events", new JsonArray().add("invoice.*")));
    gateway.newEndpoint(
        source,
        receiver.url() + "?b",
        new JsonObject().put("events", new JsonArray().add("invoice.refund")));
    String purchase = send(TestSource.newPayload());
    String refund = send(TestSource.newPayload().put("event_type", "invoice.refund"));
    send(TestSource.newPayload().put("event_type", "webhook.test"));
    assertThat(receiver.awaitReceived(3))
        .extracting(Received::webhookId)
        .containsExactlyInAnyOrder(purchase, refund, refund);
  }

  @Test
  void aFailedDeliveryIsRetriedWithTheSameIdUntilItSucceeds() {
    gateway.newEndpoint(source, receiver.url(), retryingSoon());
    receiver.answers(500);
    String id = send(TestSource.newPayload());
    receiver.awaitReceived(2);
    receiver.answers(200);
    Received last = receiver.awaitReceived(3).get(2);
    assertThat(receiver.received()).extracting(Received::webhookId).containsOnly(id);
    assertThat(last.headers().get("usher-attempt")).isEqualTo("3");
    JsonObject first = awaitAttempt(id);
    assertThat(first.getString("status")).isEqualTo("failed");
    assertThat(first.getInteger("http_status")).isEqualTo(500);
    assertThat(first.getString("error")).contains("500").contains("2xx");
    assertThat(first.getString("next_attempt_at")).isNotNull();
  }

  @Test
  void aDeliveryIsGivenUpWhenItsScheduleIsUsedUpAndAPersonCanResendIt() {
    gateway.newEndpoint(
        source, receiver.url(), new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
    receiver.answers(500);
    String id = send(TestSource.newPayload());
    receiver.awaitReceived(2);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                gateway
                    .get("/v1/events/" + id, source.apiKey())
                    .getJsonArray("deliveries")
                    .getJsonObject(0)
                    .getString("status")
                    .equals("failed"));
    receiver.answers(200);
    assertThat(
            gateway
                .call("POST", "/v1/events/" + id + "/resend", source.apiKey(), new JsonObject())
                .statusCode())
        .isEqualTo(202);
    assertThat(receiver.awaitReceived(3).get(2).webhookId()).isEqualTo(id);
  }

  @Test
  void aReceiverThatHangsTimesOut() {
    gateway.newEndpoint(source, receiver.url(), retryingSoon());
    receiver.answers(request -> {});
    JsonObject attempt = awaitAttempt(send(TestSource.newPayload()));
    assertThat(attempt.getString("status")).isEqualTo("failed");
    assertThat(attempt.getString("error")).contains("within 1000 ms");
    assertThat(attempt.getInteger("http_status")).isNull();
  }

  @Test
  void aReceiverThatResetsTheConnectionFailsTheAttempt() {
    gateway.newEndpoint(source, receiver.url(), retryingSoon());
    receiver.answers(request -> request.connection().close());
    JsonObject attempt = awaitAttempt(send(TestSource.newPayload()));
    assertThat(attempt.getString("status")).isEqualTo("failed");
    assertThat(attempt.getString("error")).isNotBlank();
  }

  @Test
  void aReceiverThatDripsForEverTimesOutAndOneThatFloodsIsNotRead() {
    gateway.newEndpoint(source, receiver.url(), retryingSoon());
    receiver.answers(
        request -> {
          request.response().setChunked(true).write("a");
        });
    JsonObject drip = awaitAttempt(send(TestSource.newPayload()));
    assertThat(drip.getString("status")).isEqualTo("failed");
    assertThat(drip.getString("error")).contains("within 1000 ms");
    Buffer flood = Buffer.buffer(new byte[1 << 20]);
    receiver.answers(request -> request.response().setStatusCode(200).end(flood));
    JsonObject flooded = awaitAttempt(send(TestSource.newPayload()));
    assertThat(flooded.getString("status")).isEqualTo("succeeded");
    assertThat(flooded.getString("response_body").length()).isEqualTo(16 * 1024);
  }

  @Test
  void whatAReceiverSendsCannotPoisonTheLogOfOthers() throws IOException {
    gateway.newEndpoint(source, receiver.url() + "?healthy");
    try (ServerSocket hostile = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> answerGarbage(hostile));
      gateway.newEndpoint(
          source, "http://127.0.0.1:" + hostile.getLocalPort() + "/", retryingSoon());
      String id = send(TestSource.newPayload());
      receiver.awaitReceived(1);
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(
              () ->
                  assertThat(
                          gateway
                              .get("/v1/attempts?event=" + id, source.apiKey())
                              .getJsonArray("data")
                              .encode())
                      .contains("\"succeeded\"")
                      .contains("\"failed\""));
    }
  }

  private static void answerGarbage(ServerSocket hostile) {
    try {
      while (true) {
        try (Socket connection = hostile.accept()) {
          connection.getInputStream().read(new byte[8192]);
          connection
              .getOutputStream()
              .write("HTTP/1.1 2\0\0 O\u0001K\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException e) {
      // The test is over and has closed the socket.
    }
  }

  @Test
  void redirectsAreNotFollowed() {
    gateway.newEndpoint(source, receiver.url(), retryingSoon());
    receiver.answers(
        request ->
            request.response().setStatusCode(302).putHeader("location", receiver.url()).end());
    JsonObject attempt = awaitAttempt(send(TestSource.newPayload()));
    assertThat(attempt.getString("error")).contains("redirects are not followed");
  }

  @Test
  void aPausedEndpointsEventsAreKeptAndFlowWhenItIsActivated() {
    JsonObject endpoint = gateway.newEndpoint(source, receiver.url());
    String path = "/v1/endpoints/" + endpoint.getString("id");
    gateway.call("POST", path + "/pause", source.apiKey(), new JsonObject());
    String id = send(TestSource.newPayload());
    assertThat(gateway.get("/v1/events/" + id, source.apiKey()).encode()).contains("\"pending\"");
    assertThat(receiver.received()).isEmpty();
    gateway.call("POST", path + "/activate", source.apiKey(), new JsonObject());
    assertThat(receiver.awaitReceived(1).getFirst().webhookId()).isEqualTo(id);
  }

  @Test
  void whatDoesNotFitIntoALaneWaitsInTheTableAndIsDeliveredLater() {
    try (TestReceiver slow = new TestReceiver();
        TestGateway small =
            TestGateway.start(stores, Map.of("USHER_DELIVERY_QUEUED_PER_ENDPOINT", "1"))) {
      TestSource own = small.newSource();
      small.newEndpoint(own, slow.url(), new JsonObject().put("concurrency", 1));
      for (int i = 0; i < 50; i++) {
        assertThat(own.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
      }
      slow.awaitReceived(50);
    }
  }
}
