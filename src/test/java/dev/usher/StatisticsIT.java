package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.OrganizationId;
import dev.usher.store.PostgresPools;
import dev.usher.store.PostgresUri;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import dev.usher.watch.PostgresRollUp;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What came in and what was tried is counted once, whichever nodes count. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StatisticsIT {
  private static final Duration COUNTED_WITHIN = Duration.ofSeconds(40);

  private final TestStores stores;
  private final TestGateway gateway;
  private final TestGateway other;

  StatisticsIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
    this.other = TestGateway.start(stores);
  }

  @AfterAll
  void stop() {
    countFromNow();
    gateway.close();
    other.close();
  }

  /** Whatever a test has counted ahead. */
  private void countFromNow() {
    Sql.run(
        stores.postgresUri(),
        "UPDATE statistics_progress SET settled_until = date_trunc('minute', now()), fresh_until ="
            + " now()");
  }

  @Test
  void eventsAndAttemptsAreCountedOnceForTheOrganizationAndEachEndpoint() {
    try (TestReceiver good = new TestReceiver();
        TestReceiver bad = new TestReceiver()) {
      bad.answers(400);
      TestSource tenant = gateway.newSource();
      String healthy = gateway.newEndpoint(tenant, good.url()).getString("id");
      String failing =
          gateway
              .newEndpoint(
                  tenant,
                  bad.url(),
                  new JsonObject().put("retry_schedule", new JsonArray().add("1h")))
              .getString("id");
      for (int i = 0; i < 7; i++) {
        assertThat(tenant.send(i % 2 == 0 ? gateway : other, TestSource.newPayload()).statusCode())
            .isEqualTo(202);
      }
      good.awaitReceived(7);
      bad.awaitReceived(7);
      Awaitility.await()
          .atMost(COUNTED_WITHIN)
          .untilAsserted(() -> assertCounted(tenant, healthy, failing));

      countForGood();
      assertCounted(tenant, healthy, failing);
    }
  }

  /** As if it were ten minutes later, when nothing can be late any more. */
  private void countForGood() {
    Vertx vertx = Vertx.vertx();
    Pool pool = PostgresPools.control(vertx, PostgresUri.parse(stores.postgresUri()), 1);
    PostgresRollUp later =
        new PostgresRollUp(pool, () -> Instant.now().plus(Duration.ofMinutes(10)));
    Awaitility.await()
        .atMost(COUNTED_WITHIN)
        .until(
            () -> {
              boolean more = later.step(60).await(10, TimeUnit.SECONDS);
              String settled =
                  Sql.value(
                      stores.postgresUri(),
                      "SELECT settled_until > now() + interval '5 minutes' FROM"
                          + " statistics_progress");
              return !more && "t".equals(settled);
            });
    pool.close();
    vertx.close();
  }

  private void assertCounted(TestSource tenant, String healthy, String failing) {
    JsonObject all = gateway.get("/v1/statistics?window=1h", tenant.apiKey());
    JsonObject total = all.getJsonObject("total");
    assertThat(total.getLong("events")).isEqualTo(7);
    assertThat(total.getLong("succeeded")).isEqualTo(7);
    assertThat(total.getLong("failed")).isEqualTo(7);
    assertThat(total.getLong("p50_ms")).isBetween(0L, 30_000L);
    assertThat(all.getJsonArray("data")).hasSize(60);
    JsonObject one =
        gateway
            .get("/v1/statistics?window=24h&endpoint=" + failing, tenant.apiKey())
            .getJsonObject("total");
    assertThat(one.getLong("failed")).isEqualTo(7);
    assertThat(one.getLong("succeeded")).isZero();
    JsonObject days =
        gateway.get("/v1/statistics?window=15d", tenant.apiKey()).getJsonObject("total");
    assertThat(days.getLong("events")).isEqualTo(7);
    assertThat(days.getLong("failed")).isEqualTo(7);
    JsonArray endpoints =
        gateway.get("/v1/statistics/endpoints", tenant.apiKey()).getJsonArray("data");
    assertThat(endpoints.getJsonObject(1).getString("endpoint")).isEqualTo(healthy);
    assertThat(endpoints.getJsonObject(1).getLong("succeeded")).isEqualTo(7);
  }

  @Test
  void howLongTheOldestDueDeliveryWaitedIsNotedWhileItWaits() {
    countFromNow();
    try (TestReceiver bad = new TestReceiver()) {
      bad.answers(500);
      TestSource tenant = gateway.newSource();
      String endpoint =
          gateway
              .newEndpoint(
                  tenant,
                  bad.url(),
                  new JsonObject()
                      .put("ordered", true)
                      .put("retry_schedule", new JsonArray().add("1h")))
              .getString("id");
      assertThat(tenant.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
      bad.awaitReceived(1);
      // As if a node had it in hand, so that nobody takes it.
      OrganizationId organization =
          Objects.requireNonNull(OrganizationId.parse(tenant.organization()));
      String wait =
          """
          UPDATE deliveries
          SET due_at = now() - interval '90 seconds',
              node_id = (SELECT id FROM nodes WHERE lease_until > now() LIMIT 1)
          WHERE organization_id = '%s' AND node_id IS NULL
          """
              .formatted(organization.value());
      Awaitility.await()
          .untilAsserted(
              () -> {
                Sql.run(stores.postgresUri(), wait);
                assertThat(
                        gateway.get("/v1/statistics", tenant.apiKey()).getString("oldest_due_at"))
                    .isNotNull();
              });
      for (String window : new String[] {"1h", "24h", "15d"}) {
        Awaitility.await()
            .atMost(COUNTED_WITHIN)
            .until(() -> longestWait(tenant, "?window=" + window), longest -> longest >= 90_000);
      }
      JsonObject one = gateway.get("/v1/statistics?endpoint=" + endpoint, tenant.apiKey());
      assertThat(one.getJsonArray("data").getJsonObject(59).containsKey("oldest_due_ms")).isFalse();
      assertThat(longestWait(gateway.newSource(), "?window=1h")).isZero();
    }
  }

  private long longestWait(TestSource tenant, String window) {
    return gateway.get("/v1/statistics" + window, tenant.apiKey()).getJsonArray("data").stream()
        .mapToLong(step -> ((JsonObject) step).getLong("oldest_due_ms"))
        .max()
        .orElseThrow();
  }

  @Test
  void aWindowThatThereIsNotIsRefused() {
    TestSource tenant = gateway.newSource();
    assertThat(
            gateway
                .call("GET", "/v1/statistics?window=2h", tenant.apiKey(), new JsonObject())
                .statusCode())
        .isEqualTo(400);
  }
}
