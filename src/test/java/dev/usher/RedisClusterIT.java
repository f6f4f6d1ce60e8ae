package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.deliver.RedisEndpointRates;
import dev.usher.event.EndpointId;
import dev.usher.event.UuidV7;
import dev.usher.store.RedisLink;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestRedisCluster;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A gateway whose Redis is a cluster: keys are all over it, and move. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RedisClusterIT {
  /** Enough that each of three masters has some: all but once in ten million runs. */
  private static final int EVENTS = 40;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration SOON = Duration.ofSeconds(10);

  private final TestStores stores;
  private TestRedisCluster cluster;
  private TestGateway gateway;
  private TestSource source;

  RedisClusterIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeAll
  void start(@TempDir Path directory) {
    cluster = new TestRedisCluster(directory);
    gateway = TestGateway.start(stores, Map.of("USHER_REDIS_URI", cluster.uris()));
    source = gateway.newSource();
  }

  @AfterAll
  void stop() {
    gateway.close();
    cluster.close();
  }

  private String readiness() {
    return new JsonObject(
            TestGateway.send(HttpRequest.newBuilder(gateway.management("/health/ready")).build())
                .body())
        .getString("status");
  }

  private double hits() {
    return gateway.metric("usher_dedupe_lookups_total{result=\"hit\"}");
  }

  private int remembered() {
    return cluster.keys().stream().mapToInt(Integer::intValue).sum();
  }

  private List<JsonObject> accept() {
    List<JsonObject> payloads = Stream.generate(TestSource::newPayload).limit(EVENTS).toList();
    payloads.forEach(payload -> assertThat(source.send(payload).statusCode()).isEqualTo(202));
    return payloads;
  }

  private void repeat(List<JsonObject> payloads) {
    payloads.forEach(payload -> assertThat(source.send(payload).statusCode()).isEqualTo(200));
  }

  /** All of the cluster remembers again, and is asked: each of these once, and at once. */
  private void assertAllIsRemembered() {
    int before = remembered();
    List<JsonObject> payloads = accept();
    await().atMost(SOON).until(() -> remembered() >= before + EVENTS);
    double hits = hits();
    repeat(payloads);
    assertThat(hits() - hits).isEqualTo(EVENTS);
  }

  /** The same, of new events each time, until the cluster has come to rest. */
  private void awaitAllIsRemembered() {
    await()
        .atMost(PATIENCE)
        .ignoreException(ConditionTimeoutException.class)
        .untilAsserted(this::assertAllIsRemembered);
  }

  @Test
  void everyMasterRemembersSomeAndIsAsked() {
    assertThat(readiness()).isEqualTo("ready");
    assertAllIsRemembered();
    assertThat(cluster.keys()).hasSize(3).allMatch(keys -> keys > 0);
  }

  @Test
  void aLostMasterCostsNothingButTimeAndItsReplicaIsFound() {
    List<JsonObject> before = accept();
    cluster.killMaster();
    repeat(before);
    List<JsonObject> meanwhile = accept();
    repeat(meanwhile);
    await().atMost(PATIENCE).until(() -> readiness().equals("degraded"));
    cluster.awaitWhole();
    await().atMost(PATIENCE).until(() -> readiness().equals("ready"));
    repeat(meanwhile);
    awaitAllIsRemembered();
  }

  @Test
  void keysThatMoveAreFoundWhereTheyAre() {
    List<JsonObject> before = accept();
    cluster.moveKeys();
    repeat(before);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              double hits = hits();
              repeat(before);
              assertThat(hits() - hits).isEqualTo(EVENTS);
            });
    awaitAllIsRemembered();
  }

  @Test
  void theRateOfAnEndpointIsKeptOnItsServer() throws TimeoutException {
    Vertx vertx = Vertx.vertx();
    try {
      RedisLink link = RedisLink.to(vertx, List.of(cluster.uris().split(",", -1)), 100);
      link.open().await(10, TimeUnit.SECONDS);
      UuidV7 ids = new UuidV7(InstantSource.system());
      RedisEndpointRates rates =
          new RedisEndpointRates(link, (_, _, _) -> Future.failedFuture("Redis was not asked"));
      for (int i = 0; i < EVENTS; i++) {
        EndpointId endpoint = new EndpointId(ids.next());
        assertThat(rates.reserve(endpoint, 1, 1).await(10, TimeUnit.SECONDS).count()).isOne();
        assertThat(rates.reserve(endpoint, 1, 1).await(10, TimeUnit.SECONDS).count()).isZero();
      }
      link.close().await(10, TimeUnit.SECONDS);
    } finally {
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }
}
