package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two nodes hold an endpoint to one rate. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RateLimitIT {
  private static final int PER_SECOND = 100;
  private static final int EVENTS = 400;

  private final TestStores stores;
  private final TestGateway one;
  private final TestGateway two;
  private final List<Long> arrivals = Collections.synchronizedList(new ArrayList<>());
  private TestReceiver receiver;

  RateLimitIT(TestStores stores) {
    this.stores = stores;
    this.one = TestGateway.start(stores);
    this.two = TestGateway.start(stores);
  }

  @BeforeEach
  void prepare() {
    arrivals.clear();
    receiver = new TestReceiver();
    receiver.answers(
        request -> {
          arrivals.add(System.nanoTime());
          request.response().end();
        });
    // Both know of each other: two event loops each.
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                one.metric("usher_fleet_event_loops") == 4
                    && two.metric("usher_fleet_event_loops") == 4);
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  @AfterAll
  void stop() {
    one.close();
    two.close();
  }

  /** A backlog, which both nodes claim when the endpoint is activated. */
  private Duration deliverABacklog() {
    TestSource source = one.newSource();
    JsonObject endpoint =
        one.newEndpoint(source, receiver.url(), new JsonObject().put("rate_limit", PER_SECOND));
    String path = "/v1/endpoints/" + endpoint.getString("id");
    one.call("POST", path + "/pause", source.apiKey(), new JsonObject());
    for (int i = 0; i < EVENTS; i++) {
      assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    }
    one.call("POST", path + "/activate", source.apiKey(), new JsonObject());
    receiver.awaitReceived(EVENTS);
    return Duration.ofNanos(arrivals.getLast() - arrivals.getFirst());
  }

  /** That it is not slower is no promise of a machine under test: it is measured elsewhere. */
  private void assertWithinTheRate(Duration took) {
    double perSecond = (EVENTS - 1) * 1e9 / took.toNanos();
    assertThat(perSecond).as("a second").isLessThanOrEqualTo(PER_SECOND * 1.05);
    assertThat(perSecond).as("a second").isGreaterThan(PER_SECOND * 0.5);
    assertThat(receiver.received())
        .extracting(TestReceiver.Received::webhookId)
        .doesNotHaveDuplicates();
  }

  @Test
  void aRateHoldsOverAllNodesTogether() {
    assertWithinTheRate(deliverABacklog());
  }

  @Test
  void anEndpointThatComesBackIsDrainedWithinItsRateAndOthersDoNotWaitForIt() {
    TestSource source = one.newSource();
    receiver.answers(503);
    one.newEndpoint(
        source,
        receiver.url(),
        new JsonObject()
            .put("rate_limit", PER_SECOND)
            .put("retry_schedule", new JsonArray(Collections.nCopies(20, "1s"))));
    for (int i = 0; i < EVENTS; i++) {
      assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> one.metric("usher_delivery_circuits_open") == 1);
    try (TestReceiver neighbour = new TestReceiver()) {
      receiver.answers(
          request -> {
            arrivals.add(System.nanoTime());
            request.response().end();
          });
      await().atMost(Duration.ofSeconds(60)).until(() -> !arrivals.isEmpty());
      TestSource other = one.newSource();
      one.newEndpoint(other, neighbour.url());
      for (int i = 0; i < 20; i++) {
        other.send(TestSource.newPayload());
      }
      neighbour.awaitReceived(20);
      await().atMost(Duration.ofSeconds(60)).until(() -> arrivals.size() >= EVENTS);
    }
    double perSecond = (EVENTS - 1) * 1e9 / (arrivals.get(EVENTS - 1) - arrivals.getFirst());
    assertThat(perSecond).as("a second").isLessThanOrEqualTo(PER_SECOND * 1.05);
  }

  @Test
  void whileRedisIsAwayEachNodeTakesItsShare() {
    stores.stopRedis();
    try {
      assertWithinTheRate(deliverABacklog());
    } finally {
      stores.startRedis();
    }
  }
}
