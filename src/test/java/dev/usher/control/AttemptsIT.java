package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.control.ControlFixture.Response;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class AttemptsIT {
  private final ControlFixture control;
  private Tenant tenant;

  AttemptsIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @BeforeEach
  void anOrganizationForEachTest() {
    tenant = control.tenant();
  }

  @Test
  void anAttemptTellsWhatWasTriedAndHowItWent() {
    String endpoint = tenant.endpoint("*");
    String event = tenant.event("invoice.purchase");
    Instant next = Instant.parse("2030-01-02T03:04:05.678Z");
    String attempt = tenant.attempt(event, endpoint, 2, "http_error", next);

    JsonNode shown = tenant.get("/v1/attempts").body().path("data").path(0);

    assertThat(shown.path("id").asText()).isEqualTo(attempt);
    assertThat(shown.path("event").asText()).isEqualTo(event);
    assertThat(shown.path("endpoint").asText()).isEqualTo(endpoint);
    assertThat(shown.path("type").asText()).isEqualTo("invoice.purchase");
    assertThat(shown.path("idempotency_key").asText()).startsWith("key of");
    assertThat(shown.path("attempt").asInt()).isEqualTo(2);
    assertThat(shown.path("status").asText()).isEqualTo("failed");
    assertThat(shown.path("outcome").asText()).isEqualTo("http_error");
    assertThat(shown.path("http_status").asInt()).isEqualTo(500);
    assertThat(shown.path("error").asText()).contains("500");
    assertThat(shown.path("response_body").asText()).isEqualTo("ok\uFFFD");
    assertThat(shown.path("duration_ms").asInt()).isEqualTo(12);
    assertThat(shown.path("at").asText()).endsWith("Z");
    assertThat(shown.path("next_attempt_at").asText()).isEqualTo("2030-01-02T03:04:05.678Z");
  }

  @Test
  void attemptsAreFilteredByEverythingTheyHave() {
    String one = tenant.endpoint("*");
    String two = tenant.endpoint("*");
    String purchase = tenant.event("invoice.purchase");
    String refund = tenant.event("invoice.refund");
    String failed = tenant.attempt(purchase, one, 1, "timeout", null);
    String succeeded = tenant.attempt(purchase, two, 1, "succeeded", null);
    String refunded = tenant.attempt(refund, one, 1, "succeeded", null);

    assertThat(ids("")).containsExactlyInAnyOrder(refunded, succeeded, failed);
    assertThat(ids("?status=failed")).containsExactly(failed);
    assertThat(ids("?status=succeeded")).containsExactlyInAnyOrder(refunded, succeeded);
    assertThat(ids("?endpoint=" + one)).containsExactlyInAnyOrder(refunded, failed);
    assertThat(ids("?endpoint=" + one + "&status=failed")).containsExactly(failed);
    assertThat(ids("?event=" + purchase)).containsExactlyInAnyOrder(succeeded, failed);
    assertThat(ids("?event=" + purchase + "&endpoint=" + two)).containsExactly(succeeded);
    assertThat(ids("?type=invoice.refund")).containsExactly(refunded);
    assertThat(ids("?since=" + Instant.now().plusSeconds(60))).isEmpty();
    assertThat(ids("?until=" + Instant.now().plusSeconds(60))).hasSize(3);
    assertThat(tenant.get("/v1/attempts?status=pending").status()).isEqualTo(400);
  }

  @Test
  void pagesOfAFilteredListGoOnToTheEnd() {
    String endpoint = tenant.endpoint("*");
    String event = tenant.event("a");
    List<String> failed = new ArrayList<>();
    for (int i = 1; i <= 10; i++) {
      String outcome = i % 2 == 0 ? "timeout" : "succeeded";
      String attempt = tenant.attempt(event, endpoint, i, outcome, null);
      if (i % 2 == 0) {
        failed.add(attempt);
      }
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    do {
      JsonNode page = tenant.get("/v1/attempts?status=failed&limit=2" + cursor).body();
      seen.addAll(page.path("data").findValuesAsText("id"));
      tenant.attempt(event, endpoint, 1, "succeeded", null);
      cursor = page.path("next").isNull() ? "" : "&cursor=" + page.path("next").asText();
    } while (!cursor.isEmpty());
    assertThat(seen).containsExactlyInAnyOrderElementsOf(failed);
  }

  private List<String> ids(String query) {
    Response page = tenant.get("/v1/attempts" + query);
    assertThat(page.status()).as(page.http().body()).isEqualTo(200);
    return page.body().path("data").findValuesAsText("id");
  }
}
