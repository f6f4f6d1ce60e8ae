package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Flow;
import dev.usher.testing.ServeProcess;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** A gateway in a process of its own, under load, that is told to stop or killed. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessIT {
  private final TestStores stores;
  private TestReceiver receiver;
  private TestSource source;

  ProcessIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void prepare() {
    receiver = new TestReceiver();
    try (TestGateway gateway = TestGateway.start(stores)) {
      source = gateway.newSource();
      gateway.newEndpoint(
          source,
          receiver.url(),
          new JsonObject().put("retry_schedule", new JsonArray().add("1s").add("1s").add("5s")));
    }
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @Test
  void whatWasAcceptedBeforeSigtermIsDeliveredAfterTheRestartAndNoRequestIsCut() {
    Flow flow;
    try (ServeProcess first = ServeProcess.start(stores)) {
      flow = Flow.start(source, first.ingress());
      await().atMost(Duration.ofSeconds(30)).until(() -> flow.accepted().size() > 200);
      first.terminate();
      assertThat(first.awaitExit()).isZero();
    }
    flow.stop();
    // A request that reached the gateway is answered, with 503 at worst; others find nobody there.
    assertThat(flow.cut()).isEmpty();
    try (ServeProcess second = ServeProcess.start(stores)) {
      assertEverythingArrives(flow);
    }
  }

  @Test
  void whatWasAcceptedBeforeAKillIsDeliveredByTheNextProcess() {
    Flow flow;
    try (ServeProcess first = ServeProcess.start(stores)) {
      flow = Flow.start(source, first.ingress());
      await().atMost(Duration.ofSeconds(30)).until(() -> flow.accepted().size() > 200);
      first.kill();
    }
    flow.stop();
    try (ServeProcess second = ServeProcess.start(stores)) {
      assertEverythingArrives(flow);
    }
  }

  private void assertEverythingArrives(Flow flow) {
    assertThat(flow.accepted()).doesNotHaveDuplicates();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () ->
                receiver.received().stream()
                    .map(TestReceiver.Received::webhookId)
                    .toList()
                    .containsAll(flow.accepted()));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> "0".equals(Sql.value(stores.postgresUri(), "SELECT count(*) FROM deliveries")));
  }
}
