package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.control.ControlFixture.Response;
import dev.usher.event.UuidV7;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class EventsIT {
  private final ControlFixture control;
  private Tenant tenant;

  EventsIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @BeforeEach
  void anOrganizationForEachTest() {
    tenant = control.tenant();
  }

  @Test
  void anEventIsShownWithItsPayloadExactlyAsItCame() {
    String source = tenant.source();
    String payload =
        "{ \"id\": \"p1\", \"amount\": 10.50, \"big\": 123456789012345678901234567890 }";
    String event = tenant.event("invoice.purchase", source, payload, Instant.now());

    Response shown = tenant.get("/v1/events/" + event);

    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text("type")).isEqualTo("invoice.purchase");
    assertThat(shown.text("source")).isEqualTo(source);
    assertThat(shown.text("idempotency_key")).startsWith("key of");
    assertThat(shown.text("content_type")).isEqualTo("application/json");
    assertThat(shown.http().body()).contains("\"payload\":" + payload);
    assertThat(shown.body().path("headers").path("x-tag").asText()).isEqualTo("a, b");
    assertThat(shown.text("status")).isEqualTo("none");
    assertThat(shown.body().path("deliveries")).isEmpty();
    assertThat(shown.http().body()).doesNotContain("hunter2");
  }

  @Test
  void aPayloadThatIsNotJsonIsShownInBase64() {
    String event = tenant.event("sms", null, "a=1&b=2", Instant.now());
    JsonNode shown = tenant.get("/v1/events/" + event).body();
    assertThat(shown.has("payload")).isFalse();
    assertThat(shown.path("payload_base64").asText()).isEqualTo("YT0xJmI9Mg==");
  }

  @Test
  void deliveriesAreDerivedFromWhatIsDueAndWhatWasTried() {
    String done = tenant.endpoint("*");
    String due = tenant.endpoint("*");
    String lost = tenant.endpoint("*");
    String event = tenant.event("invoice.purchase");
    tenant.attempt(event, done, 1, "http_error", Instant.now());
    String last = tenant.attempt(event, done, 2, "succeeded", null);
    tenant.attempt(event, due, 1, "timeout", Instant.now());
    tenant.delivery(event, due, null);
    tenant.attempt(event, lost, 1, "http_error", null);

    JsonNode shown = tenant.get("/v1/events/" + event).body();

    assertThat(delivery(shown, done).path("status").asText()).isEqualTo("succeeded");
    assertThat(delivery(shown, done).path("attempts")).hasSize(2);
    assertThat(delivery(shown, done).path("attempts").path(0).path("id").asText()).isEqualTo(last);
    assertThat(delivery(shown, done).path("next_attempt_at").isNull()).isTrue();
    assertThat(delivery(shown, due).path("status").asText()).isEqualTo("pending");
    assertThat(delivery(shown, due).path("next_attempt_at").asText()).endsWith("Z");
    assertThat(delivery(shown, lost).path("status").asText()).isEqualTo("failed");
    assertThat(shown.path("status").asText()).isEqualTo("pending");
  }

  private static JsonNode delivery(JsonNode event, String endpoint) {
    for (JsonNode delivery : event.path("deliveries")) {
      if (delivery.path("endpoint").asText().equals(endpoint)) {
        return delivery;
      }
    }
    throw new AssertionError("no delivery to " + endpoint + " in " + event);
  }

  @Test
  void theListTellsAndFiltersByStatus() {
    String endpoint = tenant.endpoint("*");
    String other = tenant.endpoint("*");
    String none = tenant.event("a");
    String pending = tenant.event("a");
    tenant.delivery(pending, endpoint, 3);
    String failed = tenant.event("a");
    tenant.attempt(failed, endpoint, 1, "http_error", null);
    tenant.attempt(failed, other, 1, "succeeded", null);
    String succeeded = tenant.event("a");
    tenant.attempt(succeeded, endpoint, 1, "http_error", Instant.now());
    tenant.attempt(succeeded, endpoint, 2, "succeeded", null);

    for (JsonNode event : tenant.get("/v1/events").body().path("data")) {
      String id = event.path("id").asText();
      String expected =
          Map.of(none, "none", pending, "pending", failed, "failed", succeeded, "succeeded")
              .get(id);
      assertThat(event.path("status").asText()).isEqualTo(expected);
      assertThat(event.has("payload")).isFalse();
      assertThat(ids("?status=" + expected)).containsExactly(id);
    }
    assertThat(tenant.get("/v1/events?status=lost").status()).isEqualTo(400);
  }

  @Test
  void theListFiltersByTypeSourceAndTime() {
    String source = tenant.source();
    Instant yesterday = Instant.now().minus(Duration.ofDays(1));
    String old = tenant.event("a", source, "{}", yesterday);
    String young = tenant.event("a", null, "{}", Instant.now());
    String other = tenant.event("b", source, "{}", Instant.now());

    assertThat(ids("?type=a")).containsExactly(young, old);
    assertThat(ids("?source=" + source)).containsExactly(other, old);
    assertThat(ids("?source=" + source + "&type=a")).containsExactly(old);
    assertThat(ids("?type=nothing")).isEmpty();
    assertThat(ids("?since=" + yesterday.plusSeconds(1))).containsExactlyInAnyOrder(young, other);
    assertThat(ids("?until=" + yesterday.plusSeconds(1))).containsExactly(old);
    assertThat(ids("?since=" + yesterday + "&until=" + yesterday.plusMillis(1)))
        .containsExactly(old);
    assertThat(ids("?type=&status=&source=")).hasSize(3);
  }

  @Test
  void theStatusSearchGoesOnWhereTheLastPageStopped() {
    String endpoint = tenant.endpoint("*");
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      String event = tenant.event("a", null, "{}", Instant.now().plusMillis(i));
      if (i % 2 == 0) {
        tenant.delivery(event, endpoint, null);
        wanted.addFirst(event);
      }
    }
    assertThat(allPages("?status=pending&limit=2")).containsExactlyElementsOf(wanted);
  }

  @Test
  void pagesNeitherRepeatNorMissAnEventWhileOthersComeIn() {
    Instant start = Instant.now().minusSeconds(60);
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      made.addFirst(tenant.event(i % 2 == 0 ? "a" : "b", null, "{}", start.plusMillis(i)));
    }
    assertThat(allPages("?limit=3")).containsExactlyElementsOf(made);
    List<String> ofTypeA = made.stream().filter(id -> made.indexOf(id) % 2 == 1).toList();
    assertThat(allPages("?limit=3&type=a&until=" + start.plusSeconds(1)))
        .containsExactlyElementsOf(ofTypeA);
  }

  /** All pages' ids, while an event of another time comes in after each page. */
  private List<String> allPages(String query) {
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = tenant.get("/v1/events" + query + cursor).body();
      seen.addAll(page.path("data").findValuesAsText("id"));
      tenant.event("c", null, "{}", Instant.now().plusSeconds(60));
      cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asText();
    } while (!cursor.isEmpty());
    return seen;
  }

  private List<String> ids(String query) {
    Response page = tenant.get("/v1/events" + query);
    assertThat(page.status()).as(page.http().body()).isEqualTo(200);
    return page.body().path("data").findValuesAsText("id");
  }

  @Test
  void everyWrongParameterIsNamedAtOnce() {
    Response refused =
        tenant.get(
            "/v1/events?limit=251&cursor=x&since=yesterday&until=1&source=ep_1&status=lost&colour=red"
                + "&type=a&type=b");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder(
            "limit", "cursor", "since", "until", "source", "status", "colour", "type");
  }

  @Test
  void parametersOfAllSortsNeverMakeAFailure() {
    for (String value :
        List.of("\u0000", "'; DROP TABLE events; --", "%", "💥", "9".repeat(500), "-1", "1e9")) {
      String encoded = URLEncoder.encode(value, StandardCharsets.UTF_8);
      for (String name : List.of("limit", "cursor", "since", "until", "source", "status", "type")) {
        int status = tenant.get("/v1/events?" + name + "=" + encoded).status();
        assertThat(status).as("%s=%s", name, value).isIn(200, 400);
      }
    }
    assertThat(tenant.get("/v1/events/%00").status()).isEqualTo(404);
    assertThat(tenant.get("/v1/events/evt_7zzzzzzzzzzzzzzzzzzzzzzzzz").status()).isEqualTo(404);
  }

  @Test
  void resendingMakesTheEventDueAtAllWhoWantItOrHadIt() {
    String wants = tenant.endpoint("invoice.*");
    String had = tenant.endpoint("webhook.test");
    String deleted = tenant.endpoint("*");
    tenant.endpoint("invoice.void");
    String event = tenant.event("invoice.purchase");
    tenant.attempt(event, had, 1, "http_error", null);
    tenant.delete("/v1/endpoints/" + deleted);

    Response resent = tenant.post("/v1/events/" + event + "/resend", null);

    assertThat(resent.status()).isEqualTo(202);
    assertThat(resent.body().path("deliveries").asInt()).isEqualTo(2);
    assertThat(waiting(event, wants)).isEqualTo(1);
    assertThat(waiting(event, had)).isEqualTo(1);
  }

  @Test
  void resendingToOneEndpointReachesThatOneOnly() {
    String endpoint = tenant.endpoint("webhook.test");
    tenant.endpoint("*");
    String event = tenant.event("invoice.purchase");
    String path = "/v1/events/" + event + "/resend";
    Response resent = tenant.post(path, "{\"endpoint\": \"" + endpoint + "\"}");
    assertThat(resent.body().path("deliveries").asInt()).isEqualTo(1);
    assertThat(waiting(event, endpoint)).isEqualTo(1);

    assertThat(tenant.post(path, "{\"endpoint\": \"" + event + "\"}").status()).isEqualTo(400);
    assertThat(tenant.post(path, "{\"endpoint\": 7}").status()).isEqualTo(400);
    String nobody = "ep_" + endpoint.substring(3, 28) + "0";
    assertThat(tenant.post(path, "{\"endpoint\": \"" + nobody + "\"}").status()).isEqualTo(404);
  }

  @Test
  void aDeliveryThatWaitsIsHastenedAndOneInHandStaysAsItIs() {
    String waits = tenant.endpoint("*");
    String inHand = tenant.endpoint("*");
    String event = tenant.event("invoice.purchase");
    tenant.delivery(event, waits, null);
    tenant.delivery(event, inHand, 9);

    Response resent = tenant.post("/v1/events/" + event + "/resend", null);

    assertThat(resent.body().path("deliveries").asInt()).isEqualTo(1);
    assertThat(waiting(event, waits)).isEqualTo(1);
    assertThat(
            control.number(
                """
                SELECT count(*) FROM deliveries
                WHERE event_id = $1 AND endpoint_id = $2 AND node_id = 9 AND due_at > now()\
                """,
                Tenant.eventUuid(event),
                Tenant.endpointUuid(inHand)))
        .isEqualTo(1);
  }

  private long waiting(String event, String endpoint) {
    return control.number(
        """
        SELECT count(*) FROM deliveries WHERE organization_id = $1 AND event_id = $2
          AND endpoint_id = $3 AND node_id IS NULL AND due_at <= now()\
        """,
        tenant.uuid(),
        Tenant.eventUuid(event),
        Tenant.endpointUuid(endpoint));
  }

  @Test
  void aListOfEventsReadsOnlyTheDaysThatAreAskedFor() {
    Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
    StringBuilder plan = new StringBuilder();
    control
        .sql(
            "EXPLAIN " + PostgresEvents.LIST,
            tenant.uuid(),
            PageRequest.START,
            UuidV7.lowest(today.toEpochMilli()),
            UuidV7.lowest(today.minus(Duration.ofDays(1)).toEpochMilli()),
            51,
            null,
            null,
            51)
        .forEach(row -> plan.append(row.getString(0)).append('\n'));
    Set<String> days =
        Pattern.compile("events_\\d{8}")
            .matcher(plan)
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertThat(days).hasSize(1);
  }
}
