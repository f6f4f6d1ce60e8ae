package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.OrderedReceiver;
import dev.usher.testing.OrderedSender;
import dev.usher.testing.ServeProcess;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ordered endpoints: what was acknowledged before something else was sent arrives before it,
 * whichever nodes took them, one at a time, under failures and when nodes die.
 */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderedIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TestStores stores;
  private OrderedReceiver receiver;

  OrderedIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void open() {
    receiver = new OrderedReceiver();
  }

  @AfterEach
  void close() {
    receiver.close();
  }

  private JsonObject ordered() {
    JsonArray waits = new JsonArray();
    IntStream.range(0, 20).forEach(_ -> waits.add("1s"));
    return new JsonObject().put("ordered", true).put("retry_schedule", waits);
  }

  private boolean isNothingOwed() {
    return "0".equals(Sql.value(stores.postgresUri(), "SELECT count(*) FROM deliveries"));
  }

  private static List<URI> doors(TestGateway... nodes) {
    return Arrays.stream(nodes).map(node -> node.ingress("/")).toList();
  }

  @Test
  void eventsArriveInTheOrderOfTheirAcceptanceWhicheverNodesTookThem() throws Exception {
    try (TestGateway one = TestGateway.start(stores);
        TestGateway two = TestGateway.start(stores)) {
      TestSource source = one.newSource();
      one.newEndpoint(source, receiver.url(), ordered());
      awaitKnown(source, two);
      List<OrderedSender.Sent> sent = OrderedSender.send(source, doors(one, two), 6, 40);
      assertThat(sent).hasSize(240);
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() >= 241 && isNothingOwed());
      receiver.assertOrder(sent);
      receiver.assertOneAtATime();
      assertThat(receiver.arrivals()).doesNotHaveDuplicates();
    }
  }

  /** The other node takes a source's events as soon as it knows it. */
  private void awaitKnown(TestSource source, TestGateway other) {
    await()
        .atMost(PATIENCE)
        .until(() -> source.send(other, TestSource.newPayload()).statusCode() == 202);
    await().atMost(PATIENCE).until(() -> receiver.succeeded().size() == 1);
  }

  @Test
  void aFailingEventHoldsBackTheFollowingUntilItSucceeds() throws Exception {
    try (TestGateway one = TestGateway.start(stores);
        TestGateway two = TestGateway.start(stores)) {
      TestSource source = one.newSource();
      one.newEndpoint(source, receiver.url(), ordered());
      awaitKnown(source, two);
      receiver.failsEvery(9);
      List<OrderedSender.Sent> sent = OrderedSender.send(source, doors(one, two), 3, 12);
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() >= 37 && isNothingOwed());
      assertThat(receiver.failures()).isPositive();
      receiver.assertOrder(sent);
      receiver.assertOneAtATime();
      receiver.assertNothingPassedAFailure();
    }
  }

  @Test
  void anEventThatIsGivenUpReleasesTheNext() {
    try (TestGateway gateway = TestGateway.start(stores)) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(
          source,
          receiver.url(),
          new JsonObject().put("ordered", true).put("retry_schedule", new JsonArray().add("1s")));
      JsonObject poison = TestSource.newPayload();
      receiver.failsAlways(poison.getString("id"));
      source.send(poison);
      JsonObject next = TestSource.newPayload();
      source.send(next);
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() == 1);
      assertThat(receiver.arrivals())
          .containsExactly(poison.getString("id"), poison.getString("id"), next.getString("id"));
    }
  }

  @Test
  void orderSurvivesNodesThatAreKilled() throws Exception {
    TestSource source;
    try (TestGateway gateway = TestGateway.start(stores)) {
      source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url(), ordered());
    }
    receiver.failsEvery(25);
    try (ServeProcess one = ServeProcess.start(stores);
        ServeProcess two = ServeProcess.start(stores);
        ServeProcess three = ServeProcess.start(stores)) {
      OrderedSender flow =
          OrderedSender.start(
              source,
              List.of(one.ingress(), two.ingress(), three.ingress()),
              6,
              () -> receiver.succeeded().size());
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() > 60);
      one.kill();
      int then = receiver.succeeded().size();
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() > then + 60);
      two.kill();
      int later = receiver.succeeded().size();
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() > later + 60);
      List<OrderedSender.Sent> sent = flow.stop();
      await()
          .atMost(Duration.ofMinutes(3))
          .until(
              () -> {
                receiver.failsEvery(Integer.MAX_VALUE);
                return isNothingOwed();
              });
      receiver.assertOrder(sent);
      receiver.assertNothingPassedAFailure();
      receiver.assertOnlyTheLastOneIsRepeated();
    }
  }

  @Test
  void anEndpointCanBecomeOrderedAndCeaseToBe() {
    try (TestGateway gateway = TestGateway.start(stores)) {
      TestSource source = gateway.newSource();
      JsonObject endpoint = gateway.newEndpoint(source, receiver.url());
      String path = "/v1/endpoints/" + endpoint.getString("id");
      assertThat(
              gateway
                  .call("PATCH", path, source.apiKey(), new JsonObject().put("ordered", true))
                  .statusCode())
          .isEqualTo(200);
      gateway.call("POST", path + "/pause", source.apiKey(), new JsonObject());
      for (int i = 0; i < 5; i++) {
        source.send(TestSource.newPayload());
      }
      assertThat(positions()).isEqualTo(5);
      gateway.call("PATCH", path, source.apiKey(), new JsonObject().put("ordered", false));
      await().atMost(PATIENCE).until(() -> positions() == 0);
      gateway.call("POST", path + "/activate", source.apiKey(), new JsonObject());
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() == 5);
    }
  }

  private int positions() {
    return Integer.parseInt(
        Objects.requireNonNull(
            Sql.value(stores.postgresUri(), "SELECT count(position) FROM deliveries")));
  }

  @Test
  void whatAPersonResendsComesLast() {
    try (TestGateway gateway = TestGateway.start(stores)) {
      TestSource source = gateway.newSource();
      JsonObject endpoint = gateway.newEndpoint(source, receiver.url(), ordered());
      String path = "/v1/endpoints/" + endpoint.getString("id");
      JsonObject first = TestSource.newPayload();
      String id = new JsonObject(source.send(first).body()).getString("id");
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() == 1);
      gateway.call("POST", path + "/pause", source.apiKey(), new JsonObject());
      JsonObject second = TestSource.newPayload();
      source.send(second);
      gateway.call("POST", "/v1/events/" + id + "/resend", source.apiKey(), new JsonObject());
      gateway.call("POST", path + "/activate", source.apiKey(), new JsonObject());
      await().atMost(PATIENCE).until(() -> receiver.succeeded().size() == 3);
      assertThat(receiver.succeeded())
          .containsExactly(first.getString("id"), second.getString("id"), first.getString("id"));
    }
  }
}
