package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Redis only remembers: whatever happens to it, events are accepted, and each once. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisFaultsIT {
  private final TestStores stores;
  private final TestGateway gateway;
  private final TestSource source;

  RedisFaultsIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
    this.source = gateway.newSource();
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  private void assertAcceptedOnce(JsonObject payload) {
    assertThat(source.send(payload).statusCode()).isEqualTo(202);
    assertThat(source.send(payload).statusCode()).isEqualTo(200);
  }

  private String readiness() {
    return new JsonObject(
            TestGateway.send(HttpRequest.newBuilder(gateway.management("/health/ready")).build())
                .body())
        .getString("status");
  }

  @Test
  void aStoppedRedisDegradesAndLosesNothing() {
    JsonObject before = TestSource.newPayload();
    assertAcceptedOnce(before);
    stores.stopRedis();
    assertAcceptedOnce(TestSource.newPayload());
    assertThat(source.send(before).statusCode()).isEqualTo(200);
    await().atMost(Duration.ofSeconds(10)).until(() -> readiness().equals("degraded"));
    stores.startRedis();
    await().atMost(Duration.ofSeconds(20)).until(() -> readiness().equals("ready"));
    assertThat(source.send(before).statusCode()).isEqualTo(200);
  }

  @Test
  void aSilentRedisCostsOneTimeOutAndNotOneForEachEvent() {
    stores.pauseRedis();
    try {
      for (int i = 0; i < 50; i++) {
        assertAcceptedOnce(TestSource.newPayload());
      }
    } finally {
      stores.resumeRedis();
    }
    assertThat(gateway.metric("usher_dedupe_lookups_total{result=\"unavailable\"}")).isPositive();
    await().atMost(Duration.ofSeconds(20)).until(() -> readiness().equals("ready"));
  }

  @Test
  void aFlushedRedisForgetsAndPostgresRemembers() {
    JsonObject payload = TestSource.newPayload();
    assertAcceptedOnce(payload);
    stores.flushRedis();
    assertThat(source.send(payload).statusCode()).isEqualTo(200);
  }

  @Test
  void aRepetitionThatRedisRemembersDoesNotReachTheJournal() {
    await().atMost(Duration.ofSeconds(20)).until(() -> readiness().equals("ready"));
    JsonObject payload = TestSource.newPayload();
    source.send(payload);
    await()
        .atMost(Duration.ofSeconds(5))
        .until(
            () -> {
              double hits = gateway.metric("usher_dedupe_lookups_total{result=\"hit\"}");
              source.send(payload);
              return gateway.metric("usher_dedupe_lookups_total{result=\"hit\"}") > hits;
            });
  }
}
