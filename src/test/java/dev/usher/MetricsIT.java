package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.Scrape;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code /metrics} says, against what was sent and received. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Set<String> OUTCOMES_AT_THE_DOOR =
      Set.of(
          "accepted",
          "duplicate",
          "conflict",
          "invalid",
          "unauthenticated",
          "forbidden",
          "limited",
          "overloaded",
          "unavailable");
  private static final Set<String> OUTCOMES_OF_ATTEMPTS =
      Set.of(
          "succeeded", "http_error", "timeout", "connect_error", "refused_address", "circuit_open");

  private final TestStores stores;
  private TestGateway gateway;
  private TestReceiver receiver;
  private TestSource source;

  MetricsIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeEach
  void start() {
    receiver = new TestReceiver();
    gateway = TestGateway.start(stores);
    source = gateway.newSource();
  }

  @AfterEach
  void stop() {
    gateway.close();
    receiver.close();
    Sql.run(stores.postgresUri(), "TRUNCATE deliveries");
  }

  /**
   * A family of the contract: its name, its type, and the labels that each of its samples bears.
   */
  private record Family(String name, String type, Set<String> labels) {}

  private static final List<Family> CONTRACT =
      List.of(
          new Family("usher_ingress_requests_total", "counter", Set.of("scheme", "outcome")),
          new Family("usher_ingress_seconds", "histogram", Set.of("scheme", "outcome")),
          new Family("usher_dedupe_lookups_total", "counter", Set.of("result")),
          new Family("usher_journal_commit_seconds", "histogram", Set.of()),
          new Family("usher_journal_batch_events", "histogram", Set.of()),
          new Family("usher_journal_buffered_events", "gauge", Set.of()),
          new Family("usher_delivery_attempts_total", "counter", Set.of("outcome", "status_class")),
          new Family("usher_delivery_attempt_seconds", "histogram", Set.of("outcome")),
          new Family("usher_delivery_seconds", "histogram", Set.of()),
          new Family("usher_deliveries_due", "gauge", Set.of()),
          new Family("usher_deliveries_oldest_due_seconds", "gauge", Set.of()),
          new Family("usher_deliveries_exhausted_total", "counter", Set.of()),
          new Family("usher_endpoint_attempts_total", "counter", Set.of("endpoint", "outcome")),
          new Family("usher_event_loop_lag_seconds", "histogram", Set.of()),
          new Family("usher_event_loop_blocked_seconds", "gauge", Set.of()),
          new Family("usher_journal_buffer_limit_events", "gauge", Set.of()),
          new Family("usher_source_refused_total", "counter", Set.of("source", "outcome")),
          new Family("usher_delivery_objective_total", "counter", Set.of("result")),
          new Family("usher_delivery_circuits_open", "gauge", Set.of()),
          new Family("usher_fleet_event_loops", "gauge", Set.of()),
          new Family("usher_endpoints_late", "gauge", Set.of()),
          new Family("usher_partitions_overdue_seconds", "gauge", Set.of()),
          new Family("usher_postgres_up", "gauge", Set.of()),
          new Family("usher_postgres_round_trip_seconds", "histogram", Set.of()),
          new Family("usher_redis_up", "gauge", Set.of()),
          new Family("usher_redis_round_trip_seconds", "histogram", Set.of()),
          new Family("usher_build_info", "gauge", Set.of("version", "java")));

  @Test
  void everyFamilyOfTheContractHasItsTypeItsLabelsAndADescription() {
    Scrape scrape = gateway.scrape();
    for (Family family : CONTRACT) {
      assertThat(scrape.types()).containsEntry(family.name(), family.type());
      assertThat(scrape.helps().get(family.name())).as(family.name()).isNotBlank();
      if (family.type().equals("histogram")) {
        Set<String> bucket =
            Stream.concat(family.labels().stream(), Stream.of("le")).collect(Collectors.toSet());
        assertThat(scrape.labels(family.name() + "_bucket")).containsExactly(bucket);
        assertThat(scrape.labels(family.name() + "_sum")).containsExactly(family.labels());
        assertThat(scrape.labels(family.name() + "_count")).containsExactly(family.labels());
      } else {
        assertThat(scrape.labels(family.name())).containsExactly(family.labels());
      }
    }
    assertThat(scrape.values("usher_ingress_requests_total", "outcome"))
        .isEqualTo(OUTCOMES_AT_THE_DOOR);
    assertThat(scrape.values("usher_delivery_attempts_total", "outcome"))
        .isEqualTo(OUTCOMES_OF_ATTEMPTS);
    assertThat(scrape.values("usher_dedupe_lookups_total", "result"))
        .containsExactlyInAnyOrder("hit", "miss", "unavailable");
  }

  @Test
  void noFamilyOfOursIsUnknownToTheOperationsManual() throws Exception {
    String manual = Files.readString(Path.of("docs/operations.md"));
    assertThat(gateway.scrape().types().keySet())
        .filteredOn(name -> name.startsWith("usher_") && !name.endsWith("_max"))
        .allSatisfy(name -> assertThat(manual).contains("`" + name + "`"));
  }

  @Test
  void noFamilyOfOursIsLeftOutOfTheseTests() {
    assertThat(gateway.scrape().types().keySet())
        .filteredOn(name -> name.startsWith("usher_") && !name.endsWith("_max"))
        .containsExactlyInAnyOrderElementsOf(CONTRACT.stream().map(Family::name).toList());
  }

  /** A value that is a thousand times too large or too small would pass all that only counts. */
  @Test
  void timesAreInSeconds() {
    gateway.newEndpoint(source, receiver.url());
    receiver.answers(
        request -> Vertx.currentContext().owner().setTimer(500, _ -> request.response().end()));
    long begun = System.nanoTime();
    assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    double answered = seconds(begun);
    await().atMost(PATIENCE).until(() -> attempts("succeeded") == 1);
    double delivered = seconds(begun);

    Scrape scrape = gateway.scrape();
    Map<String, String> accepted = Map.of("outcome", "accepted");
    double door = scrape.sum("usher_ingress_seconds_sum", accepted);
    assertThat(door).isPositive().isLessThan(answered);
    assertThat(scrape.sum("usher_journal_commit_seconds_sum", Map.of()))
        .isPositive()
        .isLessThan(door);
    assertThat(scrape.sum("usher_delivery_attempt_seconds_sum", Map.of()))
        .isBetween(0.49, delivered);
    // Timed by clocks in milliseconds.
    assertThat(scrape.sum("usher_delivery_seconds_sum", Map.of()))
        .isBetween(0.49, delivered + 0.01);
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  @Test
  void theServiceLevelsHaveABucketAtTheirThreshold() {
    Scrape scrape = gateway.scrape();
    assertThat(scrape.values("usher_ingress_seconds_bucket", "le")).contains("0.25");
    assertThat(scrape.values("usher_delivery_seconds_bucket", "le")).contains("10.0");
    assertThat(scrape.values("usher_event_loop_lag_seconds_bucket", "le")).contains("0.5");
  }

  @Test
  void countersAgreeWithWhatWasSentAndReceived() {
    gateway.newEndpoint(source, receiver.url());
    List<JsonObject> payloads =
        IntStream.range(0, 20).mapToObj(i -> TestSource.newPayload()).toList();
    payloads.forEach(payload -> assertThat(source.send(payload).statusCode()).isEqualTo(202));
    payloads.stream().limit(5).forEach(p -> assertThat(source.send(p).statusCode()).isEqualTo(200));
    payloads.stream()
        .limit(3)
        .map(payload -> payload.copy().put("changed", true))
        .forEach(payload -> assertThat(source.send(payload).statusCode()).isEqualTo(409));
    for (int i = 0; i < 4; i++) {
      assertThat(TestGateway.send(source.signed("not this one", payloads.get(i).encode()).build()))
          .returns(401, HttpResponse::statusCode);
    }
    assertThat(TestGateway.send(source.signed("x", "[]").build()).statusCode()).isEqualTo(400);
    receiver.awaitReceived(20);
    await().atMost(PATIENCE).until(() -> attempts("succeeded") == 20);

    Scrape scrape = gateway.scrape();
    assertThat(requests(scrape, "accepted")).isEqualTo(20);
    assertThat(requests(scrape, "duplicate")).isEqualTo(5);
    assertThat(requests(scrape, "conflict")).isEqualTo(3);
    assertThat(requests(scrape, "unauthenticated")).isEqualTo(4);
    assertThat(requests(scrape, "invalid")).isEqualTo(1);
    assertThat(scrape.sum("usher_ingress_requests_total", Map.of())).isEqualTo(33);
    assertThat(scrape.sum("usher_ingress_seconds_count", Map.of("outcome", "accepted")))
        .isEqualTo(20);
    String id = source.path().substring("/in/".length());
    assertThat(scrape.sum("usher_source_refused_total", Map.of("source", id))).isEqualTo(8);
    // Every genuine event was looked up: those accepted, repeated and in conflict.
    assertThat(scrape.sum("usher_dedupe_lookups_total", Map.of())).isEqualTo(28);
    assertThat(scrape.sum("usher_journal_batch_events_sum", Map.of())).isBetween(20.0, 28.0);
    assertThat(scrape.sum("usher_journal_buffered_events", Map.of())).isZero();
    assertThat(scrape.sum("usher_delivery_seconds_count", Map.of())).isEqualTo(20);
    assertThat(scrape.sum("usher_delivery_objective_total", Map.of("result", "met"))).isEqualTo(20);
    assertThat(scrape.sum("usher_delivery_attempts_total", Map.of("status_class", "2xx")))
        .isEqualTo(20);
  }

  @Test
  void aFailureIsCountedByItsKindByItsStatusAndByItsEndpoint() {
    JsonObject endpoint =
        gateway.newEndpoint(
            source,
            receiver.url(),
            new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
    receiver.answers(503);
    source.send(TestSource.newPayload());
    await().atMost(PATIENCE).until(() -> gateway.metric("usher_deliveries_exhausted_total") == 1);
    Scrape scrape = gateway.scrape();
    assertThat(
            scrape.sum(
                "usher_delivery_attempts_total",
                Map.of("outcome", "http_error", "status_class", "5xx")))
        .isEqualTo(2);
    assertThat(
            scrape.sum(
                "usher_endpoint_attempts_total",
                Map.of("endpoint", endpoint.getString("id"), "outcome", "http_error")))
        .isEqualTo(2);
    assertThat(scrape.sum("usher_delivery_attempt_seconds_count", Map.of("outcome", "http_error")))
        .isEqualTo(2);
    // Judged once, when it was given up.
    assertThat(scrape.sum("usher_delivery_objective_total", Map.of("result", "missed")))
        .isEqualTo(1);
    assertThat(scrape.sum("usher_delivery_objective_total", Map.of("result", "met"))).isZero();
  }

  @Test
  void twoHundredEndpointsHaveMetersOfTheirOwnAndAllFitIntoAMebibyte() {
    IntStream.rangeClosed(0, 200).forEach(i -> gateway.newEndpoint(source, receiver.url()));
    source.send(TestSource.newPayload());
    await().atMost(PATIENCE).until(() -> attempts("succeeded") == 201);
    Scrape scrape = gateway.scrape();
    assertThat(scrape.values("usher_endpoint_attempts_total", "endpoint"))
        .hasSize(201)
        .contains("other");
    assertThat(
            scrape.sum(
                "usher_endpoint_attempts_total",
                Map.of("endpoint", "other", "outcome", "succeeded")))
        .isEqualTo(1);
    assertThat(scrape.text()).hasSizeLessThan(1 << 20);
  }

  @Test
  void aDeletedEndpointIsForgotten() {
    String id = gateway.newEndpoint(source, receiver.url()).getString("id");
    source.send(TestSource.newPayload());
    await().atMost(PATIENCE).until(() -> attempts("succeeded") == 1);
    assertThat(gateway.scrape().values("usher_endpoint_attempts_total", "endpoint")).contains(id);
    gateway.call("DELETE", "/v1/endpoints/" + id, source.apiKey(), new JsonObject());
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(gateway.scrape().values("usher_endpoint_attempts_total", "endpoint"))
                    .containsExactly("other"));
  }

  @Test
  void withoutPostgresWhatIsDueIsUnknownAndNotAnOldNumber() {
    await().atMost(PATIENCE).until(() -> gateway.metric("usher_postgres_up") == 1);
    await().atMost(PATIENCE).until(() -> gateway.metric("usher_deliveries_due ") == 0);
    stores.stopPostgres();
    try {
      await().atMost(PATIENCE).until(() -> gateway.metric("usher_postgres_up") == 0);
      await().atMost(PATIENCE).until(() -> Double.isNaN(gateway.metric("usher_deliveries_due ")));
    } finally {
      stores.startPostgres();
    }
    await().atMost(PATIENCE).until(() -> gateway.metric("usher_postgres_up") == 1);
  }

  @Test
  void aRedisThatIsAwayIsSeenAndItsRoundTripsAreMeasuredWhileItIsThere() {
    await()
        .atMost(PATIENCE)
        .until(() -> gateway.metric("usher_redis_round_trip_seconds_count") > 0);
    assertThat(gateway.metric("usher_redis_up")).isEqualTo(1);
    Set<String> pools = gateway.scrape().values("vertx_pool_in_use", "pool_name");
    stores.stopRedis();
    try {
      await().atMost(PATIENCE).until(() -> gateway.metric("usher_redis_up") == 0);
    } finally {
      stores.startRedis();
    }
    await().atMost(PATIENCE).until(() -> gateway.metric("usher_redis_up") == 1);
    // A new connection brings no new series: an outage of a day would bring thousands.
    assertThat(gateway.scrape().values("vertx_pool_in_use", "pool_name")).isEqualTo(pools);
  }

  private double attempts(String outcome) {
    return gateway.scrape().sum("usher_delivery_attempts_total", Map.of("outcome", outcome));
  }

  private static double requests(Scrape scrape, String outcome) {
    return scrape.sum(
        "usher_ingress_requests_total", Map.of("scheme", "showpass", "outcome", outcome));
  }
}
