package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two gateways on the same stores. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoNodesIT {
  private final TestStores stores;
  private TestGateway one;
  private TestGateway two;
  private TestReceiver receiver;

  TwoNodesIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void start() {
    receiver = new TestReceiver();
    one = TestGateway.start(stores);
    two = TestGateway.start(stores);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
    receiver.close();
  }

  /** A source with an endpoint at the receiver, known to both nodes. */
  private TestSource sourceKnownToBoth() {
    TestSource source = one.newSource();
    one.newEndpoint(source, receiver.url());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> source.send(two, TestSource.newPayload()).statusCode() == 202);
    receiver.awaitReceived(1);
    return source;
  }

  private List<HttpResponse<String>> sendTogether(TestSource source, JsonObject payload)
      throws Exception {
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<HttpResponse<String>>> sends =
          IntStream.range(0, 50)
              .<Callable<HttpResponse<String>>>mapToObj(
                  i -> () -> source.send(i % 2 == 0 ? one : two, payload))
              .toList();
      List<HttpResponse<String>> answers = new ArrayList<>();
      for (Future<HttpResponse<String>> answer : senders.invokeAll(sends)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private void assertAcceptedOnce(TestSource source, JsonObject payload) throws Exception {
    int before = receiver.received().size();
    List<HttpResponse<String>> answers = sendTogether(source, payload);
    assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(202, 200);
    assertThat(answers).filteredOn(answer -> answer.statusCode() == 202).hasSize(1);
    String id = new JsonObject(answers.getFirst().body()).getString("id");
    assertThat(answers)
        .extracting(answer -> new JsonObject(answer.body()).getString("id"))
        .containsOnly(id);
    receiver.awaitReceived(before + 1);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> "0".equals(Sql.value(stores.postgresUri(), "SELECT count(*) FROM deliveries")));
    assertThat(receiver.received().subList(before, receiver.received().size()))
        .extracting(TestReceiver.Received::webhookId)
        .containsExactly(id);
  }

  @Test
  void anEventSentFiftyTimesAtOnceToTwoNodesIsAcceptedAndDeliveredOnce() throws Exception {
    assertAcceptedOnce(sourceKnownToBoth(), TestSource.newPayload());
  }

  @Test
  void anEventSentFiftyTimesAtOnceIsAcceptedOnceWithoutRedis() throws Exception {
    TestSource source = sourceKnownToBoth();
    stores.stopRedis();
    try {
      assertAcceptedOnce(source, TestSource.newPayload());
    } finally {
      stores.startRedis();
    }
  }

  @Test
  void aChangeOnOneNodeReachesTheOtherWithinASecond() {
    TestSource source = one.newSource();
    await()
        .atMost(Duration.ofSeconds(1))
        .until(() -> source.send(two, TestSource.newPayload()).statusCode() == 202);
  }

  @Test
  void aChangeOfAnEndpointReachesTheOtherNodeWithinASecond() {
    TestSource source = one.newSource();
    JsonObject endpoint = one.newEndpoint(source, receiver.url());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> source.send(two, TestSource.newPayload()).statusCode() == 202);
    receiver.awaitReceived(1);
    try (TestReceiver elsewhere = new TestReceiver()) {
      one.call(
          "PATCH",
          "/v1/endpoints/" + endpoint.getString("id"),
          source.apiKey(),
          new JsonObject().put("url", elsewhere.url()));
      await()
          .atMost(Duration.ofSeconds(1))
          .until(
              () -> {
                source.send(two, TestSource.newPayload());
                return !elsewhere.received().isEmpty();
              });
    }
  }

  @Test
  void aDeliveryThatOutlastsTheLeaseItBeganUnderIsStillMadeByOneNodeOnly() {
    TestSource source = one.newSource();
    try (TestReceiver slow = new TestReceiver()) {
      // Two leases long: both nodes have looked for what is left behind several times.
      slow.answers(
          request ->
              Vertx.currentContext().owner().setTimer(11_000, _ -> request.response().end()));
      one.newEndpoint(source, slow.url(), new JsonObject().put("timeout", "30s"));
      String id = new JsonObject(source.send(TestSource.newPayload()).body()).getString("id");
      await()
          .atMost(Duration.ofSeconds(25))
          .until(
              () ->
                  two.get("/v1/events/" + id, source.apiKey()).encode().contains("\"succeeded\""));
      assertThat(slow.received()).hasSize(1);
    }
  }

  @Test
  void theDeliveriesOfANodeThatStopsAreTakenOverByTheOther() {
    TestSource source = sourceKnownToBoth();
    receiver.answers(500);
    JsonObject payload = TestSource.newPayload();
    String id = new JsonObject(source.send(payload).body()).getString("id");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> receiver.received().stream().anyMatch(r -> r.webhookId().equals(id)));
    receiver.answers(200);
    one.close();
    JsonObject event = two.get("/v1/events/" + id, source.apiKey());
    assertThat(event.encode()).contains("http_error");
    two.call("POST", "/v1/events/" + id + "/resend", source.apiKey(), new JsonObject());
    await()
        .atMost(Duration.ofSeconds(15))
        .until(
            () -> two.get("/v1/events/" + id, source.apiKey()).encode().contains("\"succeeded\""));
  }
}
