package dev.usher.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import dev.usher.watch.Dashboards.Dashboard;
import dev.usher.watch.Dashboards.Panel;
import dev.usher.watch.PrometheusServer.Sample;
import dev.usher.watch.Rules.Alert;
import dev.usher.watch.Rules.Recording;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Dashboards and alerts on the real thing: two gateways under mixed traffic with faults, scraped by
 * a real Prometheus that evaluates our rules.
 */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrometheusIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int SENDERS = 20;
  private static final Pattern NAME =
      Pattern.compile(
          "(?<![a-zA-Z0-9_:])(usher_|jvm_|process_|system_|vertx_|job:|job_endpoint:|up\\b|ALERTS\\b)"
              + "[a-zA-Z0-9_:]*");

  private final TestStores stores;
  private final List<TestGateway> gateways = new ArrayList<>();
  private final TestReceiver healthy = new TestReceiver();
  private final TestReceiver failing = new TestReceiver();
  private final ScheduledExecutorService senders = Executors.newScheduledThreadPool(SENDERS);
  private PrometheusServer prometheus;
  private TestSource source;
  private String failingEndpoint;
  private final AtomicInteger sent = new AtomicInteger();

  PrometheusIT(TestStores stores) {
    this.stores = stores;
  }

  @BeforeAll
  void start(@TempDir Path directory) {
    boolean installed = PrometheusServer.isInstalled();
    if (!installed) {
      System.err.println(
          "PrometheusIT is skipped: there is no prometheus in PATH (Debian's package)");
    }
    assumeTrue(installed, "there is no prometheus in PATH");
    prometheus = PrometheusServer.start(directory);
    gateways.add(TestGateway.start(stores));
    gateways.add(TestGateway.start(stores));
    source = gateways.getFirst().newSource();
    gateways.getFirst().newEndpoint(source, healthy.url());
    failing.answers(500);
    failingEndpoint = gateways.getFirst().newEndpoint(source, failing.url()).getString("id");
    prometheus.scrape(gateways.stream().map(PrometheusIT::instance).toList());
    for (int i = 0; i < SENDERS; i++) { // one that waits for its answer does not stop the others
      senders.scheduleWithFixedDelay(this::sendAndForgive, 50L * i, 1_000, TimeUnit.MILLISECONDS);
    }
    System.gc(); // so that there is a pause of the collector to show
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        prometheus.query(
                            "job:usher_delivery_budget:left30d >= 0 or"
                                + " job:usher_delivery_budget:left30d < 0"))
                    .isNotEmpty());
  }

  @AfterAll
  void stop() {
    senders.shutdownNow();
    if (prometheus != null) {
      prometheus.close();
    }
    gateways.forEach(TestGateway::close);
    healthy.close();
    failing.close();
  }

  private static String instance(TestGateway gateway) {
    return "127.0.0.1:" + gateway.management("/").getPort();
  }

  private void sendAndForgive() {
    try {
      send();
    } catch (AssertionError | RuntimeException e) {
      // A store is away, or the test ends: what matters is what the metrics say.
    }
  }

  /** An event to either gateway; now and then again, changed, with a wrong signature, broken. */
  private void send() {
    int number = sent.incrementAndGet();
    TestGateway node = gateways.get(number % 2);
    JsonObject payload = TestSource.newPayload();
    source.send(node, payload);
    if (number % 5 == 0) {
      source.send(node, payload);
      TestGateway.send(request(node, "another id", payload.encode()));
    }
    if (number % 7 == 0) {
      source.send(node, payload.copy().put("changed", true));
      TestGateway.send(request(node, "x", "[]"));
    }
  }

  private HttpRequest request(TestGateway node, String id, String body) {
    return source.signed(node.ingress(source.path()), id, body).build();
  }

  /** As Grafana fills in what the reader has chosen. */
  private static String filled(String query) {
    return query
        .replace("$__rate_interval", "30s")
        .replace("$__range", "5m")
        .replace("$job", ".+")
        .replace("$instance", ".+");
  }

  private static Panel panel(String dashboard, String title) {
    return Dashboards.all().stream()
        .filter(each -> each.uid().equals(dashboard))
        .flatMap(each -> each.panels().stream())
        .filter(each -> each.title().equals(title))
        .findFirst()
        .orElseThrow();
  }

  /** What the first query of a panel shows now. */
  private List<Sample> shown(String dashboard, String title) {
    return prometheus.query(filled(panel(dashboard, title).queries().getFirst()));
  }

  private void assertHasData(String what, String query) {
    await()
        .alias(what + ": " + query)
        .atMost(PATIENCE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () ->
                prometheus.query(filled(query)).stream()
                    .anyMatch(sample -> !Double.isNaN(sample.value())));
  }

  @Test
  void everyQueryOfEveryPanelGivesData() {
    for (Dashboard dashboard : Dashboards.all()) {
      for (Panel panel : dashboard.panels()) {
        panel.queries().forEach(query -> assertHasData(panel.toString(), query));
      }
      dashboard.annotations().forEach(query -> assertHasData(dashboard.uid(), query));
    }
  }

  @Test
  void everyRuleIsEvaluatedWithoutAnErrorAndWhatIsRecordedHasData() {
    Rules.recordings().forEach(rule -> assertHasData(rule.name(), rule.name()));
    List<JsonObject> rules =
        Dashboards.objects(prometheus.get("/api/v1/rules").getJsonArray("groups")).stream()
            .flatMap(group -> Dashboards.objects(group.getJsonArray("rules")).stream())
            .toList();
    assertThat(rules).hasSize(Rules.recordings().size() + Rules.alerts().size());
    assertThat(rules)
        .allSatisfy(rule -> assertThat(rule.getString("health")).as(rule.encode()).isEqualTo("ok"));
  }

  @Test
  void everyMetricThatIsAskedForExists() {
    Set<String> asked = new TreeSet<>();
    Stream.of(
            Dashboards.all().stream().flatMap(d -> d.annotations().stream()),
            Dashboards.all().stream()
                .flatMap(d -> d.variables().stream())
                .map(variable -> variable.getString("definition", "")),
            Dashboards.all().stream()
                .flatMap(d -> d.panels().stream())
                .flatMap(panel -> panel.queries().stream()),
            Rules.recordings().stream().map(Recording::query),
            Rules.alerts().stream().map(Alert::query))
        .flatMap(queries -> queries)
        .map(query -> query.replaceAll("\"[^\"]*\"", "\"\""))
        .forEach(
            query -> NAME.matcher(query).results().map(MatchResult::group).forEach(asked::add));
    assertThat(asked).hasSizeGreaterThan(40);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(
                        prometheus
                            .get("/api/v1/label/__name__/values")
                            .getJsonArray("data")
                            .stream())
                    .containsAll(asked));
  }

  @Test
  void aRedisThatStopsIsShownAndATicketIsWrittenButNobodyIsPaged() {
    await()
        .atMost(PATIENCE)
        .until(() -> shown("usher-overview", "Redis").stream().allMatch(s -> s.value() == 1));
    stores.stopRedis();
    try {
      await()
          .atMost(PATIENCE)
          .until(() -> shown("usher-overview", "Redis").stream().allMatch(s -> s.value() == 0));
      awaitPendingAndFiring("UsherRedisAway", "severity=\"ticket\"");
      // The look-ups' panel moves too, and events go on being accepted.
      await()
          .atMost(PATIENCE)
          .until(() -> rate("usher-ingress", "Look-ups in Redis", "result", "unavailable") > 0);
      await()
          .atMost(PATIENCE)
          .until(() -> rate("usher-overview", "Requests by outcome", "outcome", "accepted") > 0);
      assertThat(prometheus.query("ALERTS{alertname=~\"UsherRedis.*\", severity=\"page\"}"))
          .isEmpty();
    } finally {
      stores.startRedis();
    }
    awaitSilence("UsherRedisAway");
  }

  @Test
  void anEndpointThatFailsIsShownByNameAndItsAlertFires() {
    awaitPendingAndFiring("UsherEndpointFails", "endpoint=\"" + failingEndpoint + "\"");
    assertThat(prometheus.query("ALERTS{alertname=\"UsherEndpointFails\"}"))
        .extracting(sample -> sample.labels().getString("endpoint"))
        .containsOnly(failingEndpoint);
    assertThat(rate("usher-delivery", "By outcome", "outcome", "http_error")).isPositive();
    assertThat(shown("usher-delivery", "Endpoints by share of failures"))
        .singleElement()
        .satisfies(
            sample -> {
              assertThat(sample.labels().getString("endpoint")).isEqualTo(failingEndpoint);
              assertThat(sample.value()).isEqualTo(1);
            });
    assertThat(shown("usher-delivery", "Endpoints with most failures"))
        .extracting(sample -> sample.labels().getString("endpoint"))
        .contains(failingEndpoint);
  }

  @Test
  void whileAPostgresIsAwayPeopleAreHurtAndArePagedFor() {
    stores.stopPostgres();
    try {
      awaitPendingAndFiring("UsherPostgresAway", "severity=\"page\"");
      awaitPendingAndFiring("UsherIngressBudgetBurnsFast", "severity=\"page\", window=\"1h\"");
      assertThat(rate("usher-overview", "Requests by outcome", "outcome", "unavailable"))
          .isPositive();
      assertThat(shown("usher-overview", "Answered in time, 1 h"))
          .allSatisfy(sample -> assertThat(sample.value()).isLessThan(0.99));
    } finally {
      stores.startPostgres();
    }
    awaitSilence("UsherPostgresAway");
  }

  @Test
  void aGatewayThatGoesAwayIsMissed() {
    TestGateway third = TestGateway.start(stores);
    String instance = instance(third);
    try {
      prometheus.scrape(
          Stream.concat(gateways.stream(), Stream.of(third)).map(PrometheusIT::instance).toList());
      await()
          .atMost(PATIENCE)
          .until(() -> prometheus.value("up{instance=\"" + instance + "\"}") == 1);
    } finally {
      third.close();
    }
    try {
      awaitPendingAndFiring("UsherNodeDown", "instance=\"" + instance + "\"");
      assertThat(prometheus.query("ALERTS{alertname=\"UsherDown\"}")).isEmpty();
    } finally {
      prometheus.scrape(gateways.stream().map(PrometheusIT::instance).toList());
    }
  }

  private double rate(String dashboard, String panel, String label, String value) {
    return shown(dashboard, panel).stream()
        .filter(sample -> value.equals(sample.labels().getString(label)))
        .mapToDouble(Sample::value)
        .sum();
  }

  /** Waits until it fires; that it was pending before is kept by Prometheus. */
  private void awaitPendingAndFiring(String alert, String labels) {
    String series = "ALERTS{alertname=\"%s\", alertstate=\"%s\", %s}";
    await()
        .alias(alert)
        .atMost(PATIENCE)
        .until(() -> !prometheus.query(series.formatted(alert, "firing", labels)).isEmpty());
    assertThat(
            prometheus.query(
                "max_over_time(" + series.formatted(alert, "pending", labels) + "[5m])"))
        .as("%s was pending before it fired", alert)
        .isNotEmpty();
    Dashboards.objects(prometheus.get("/api/v1/alerts").getJsonArray("alerts"))
        .forEach(each -> assertThat(each.encode()).doesNotContain("error expanding"));
  }

  private void awaitSilence(String alert) {
    await()
        .alias(alert + " ends")
        .atMost(PATIENCE)
        .until(
            () ->
                prometheus
                    .query("ALERTS{alertname=\"" + alert + "\", alertstate=\"firing\"}")
                    .isEmpty());
  }
}
