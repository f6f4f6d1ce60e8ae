package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Postgres decides: without it nothing is accepted, and with it again nothing was swallowed. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresFaultsIT {
  private final TestStores stores;
  private TestGateway gateway;
  private TestReceiver receiver;
  private TestSource source;

  PostgresFaultsIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void start() {
    receiver = new TestReceiver();
    gateway = TestGateway.start(stores);
    source = gateway.newSource();
    gateway.newEndpoint(source, receiver.url());
  }

  @AfterEach
  void stop() {
    gateway.close();
    receiver.close();
  }

  private boolean isReady() {
    return TestGateway.send(HttpRequest.newBuilder(gateway.management("/health/ready")).build())
            .statusCode()
        == 200;
  }

  @Test
  void whileItIsAwayEventsAreRefusedAndAfterwardsTheSameEventsAreAccepted() {
    JsonObject before = TestSource.newPayload();
    assertThat(source.send(before).statusCode()).isEqualTo(202);
    stores.stopPostgres();
    JsonObject during = TestSource.newPayload();
    HttpResponse<String> refused = source.send(during);
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    assertThat(isReady()).isFalse();
    stores.startPostgres();
    await().atMost(Duration.ofSeconds(20)).until(this::isReady);
    assertThat(source.send(during).statusCode()).isEqualTo(202);
    assertThat(source.send(before).statusCode()).isEqualTo(200);
    receiver.awaitReceived(2);
  }

  /**
   * What it was asked while it was silent it may do afterwards, when nobody waits for the answer
   * any more: the commit's outcome is uncertain, and its deliveries are leased to who does not know
   * of them.
   */
  @Test
  void whileItIsSilentSendersAreToldAndWhatItCommitsAfterwardsIsDelivered() {
    try (TestGateway impatient =
        TestGateway.start(stores, Map.of("USHER_JOURNAL_STATEMENT_TIMEOUT", "1s"))) {
      assertThat(source.send(impatient, TestSource.newPayload()).statusCode()).isEqualTo(202);
      JsonObject payload = TestSource.newPayload();
      stores.pausePostgres();
      try {
        HttpResponse<String> refused = source.send(impatient, payload);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).isPresent();
      } finally {
        stores.resumePostgres();
      }
      HttpResponse<String> again =
          await()
              .atMost(Duration.ofSeconds(20))
              .until(() -> source.send(impatient, payload), answer -> answer.statusCode() != 503);
      assertThat(again.statusCode()).isIn(202, 200);
      String id = new JsonObject(again.body()).getString("id");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  receiver.received().stream()
                      .anyMatch(received -> received.webhookId().equals(id)));
      assertThat(source.send(payload).statusCode()).isEqualTo(200); // as the other node knows
    }
  }

  @Test
  void killedInMidFlowItLosesNothingThatWasAccepted() throws Exception {
    List<JsonObject> payloads = new ArrayList<>();
    List<String> accepted = new ArrayList<>();
    try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        JsonObject payload = TestSource.newPayload();
        payloads.add(payload);
        answers.add(senders.submit(() -> source.send(payload)));
        if (i == 200) {
          stores.killPostgres();
        }
      }
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).isIn(202, 503);
        if (answer.get().statusCode() == 202) {
          accepted.add(new JsonObject(answer.get().body()).getString("id"));
        }
      }
    }
    stores.startPostgres();
    await().atMost(Duration.ofSeconds(30)).until(this::isReady);
    // Every sender sends again what was refused, as it was told.
    List<String> all = new ArrayList<>();
    for (JsonObject payload : payloads) {
      HttpResponse<String> answer = source.send(payload);
      assertThat(answer.statusCode()).isIn(202, 200);
      all.add(new JsonObject(answer.body()).getString("id"));
    }
    assertThat(all).doesNotHaveDuplicates().containsAll(accepted);
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                receiver.received().stream()
                    .map(TestReceiver.Received::webhookId)
                    .toList()
                    .containsAll(all));
  }

  @Test
  void whatWasDeliveredWhileItWasAwayIsLoggedWhenItIsBack() {
    receiver.answers(
        request -> {
          stores.stopPostgres();
          request.response().end();
        });
    JsonObject payload = TestSource.newPayload();
    String id = new JsonObject(source.send(payload).body()).getString("id");
    receiver.awaitReceived(1);
    receiver.answers(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> !isReady());
    stores.startPostgres();
    await().atMost(Duration.ofSeconds(20)).until(this::isReady);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                gateway
                    .get("/v1/events/" + id, source.apiKey())
                    .encode()
                    .contains("\"succeeded\""));
  }
}
