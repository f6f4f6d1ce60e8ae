package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.control.ControlFixture.Response;
import dev.usher.testing.TestCertificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every change can be found later, with who made it. */
@ExtendWith(ControlFixture.Extension.class)
class AuditIT {
  private static final String ENDPOINT =
      """
      {"name": "Till", "url": "https://example.com/hook", "events": ["*"],
       "headers": {"Authorization": "Bearer hunter2", "X-Shop": "7"}}\
      """;

  private final ControlFixture control;
  private final Tenant tenant;

  AuditIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  private List<JsonNode> entries(String query) {
    List<JsonNode> entries = new ArrayList<>();
    tenant.get("/v1/audit" + query).body().path("data").forEach(entries::add);
    return entries;
  }

  private List<String> actions(String target) {
    return entries("?target=" + target).reversed().stream()
        .map(entry -> entry.path("action").asText())
        .toList();
  }

  @Test
  void everyChangeOfAnEndpointIsThereWithWhoMadeIt() {
    String id = tenant.post("/v1/endpoints", ENDPOINT).text("id");
    String endpoint = "/v1/endpoints/" + id;
    tenant.patch(endpoint, "{\"timeout\": \"5s\"}");
    tenant.patch(endpoint, "{\"timeout\": \"5s\"}"); // which it is already
    tenant.post(endpoint + "/pause", null);
    tenant.post(endpoint + "/pause", null);
    tenant.post(endpoint + "/activate", null);
    tenant.post(endpoint + "/secret/rotate", "{\"overlap\": \"1h\"}");
    String authority = TestCertificate.of("dns:example.com").certificate();
    tenant.call("PUT", endpoint + "/tls", Json.object().put("ca", authority).toString());
    tenant.delete(endpoint + "/tls");
    tenant.delete(endpoint);

    assertThat(actions(id))
        .containsExactly(
            "endpoint.created",
            "endpoint.updated",
            "endpoint.paused",
            "endpoint.activated",
            "endpoint.secret-rotated",
            "endpoint.tls-replaced",
            "endpoint.tls-deleted",
            "endpoint.deleted");
    JsonNode updated = entries("?target=" + id + "&action=endpoint.updated").getFirst();
    assertThat(updated.path("changes").toString())
        .isEqualTo("{\"timeout\":{\"from\":null,\"to\":\"5s\"}}");
    assertThat(updated.path("id").asText()).startsWith("aud_");
    assertThat(updated.path("at").asText()).endsWith("Z");
    assertThat(updated.path("organization").asText()).isEqualTo(tenant.id());
    assertThat(updated.path("actor").asText())
        .isEqualTo(tenant.get("/v1/keys").body().at("/data/0/id").asText());
    assertThat(updated.path("actor_name").asText()).isEqualTo("first");
  }

  @Test
  void everyOtherChangeIsThereToo() {
    String source = tenant.source();
    tenant.patch("/v1/sources/" + source, "{\"name\": \"Door\"}");
    tenant.post("/v1/sources/" + source + "/secret/rotate", "{}");
    tenant.delete("/v1/sources/" + source);
    assertThat(actions(source))
        .containsExactly(
            "source.created", "source.updated", "source.secret-rotated", "source.deleted");

    String key = tenant.post("/v1/keys", "{\"name\": \"k\"}").text("id");
    tenant.delete("/v1/keys/" + key);
    assertThat(actions(key)).containsExactly("key.created", "key.deleted");

    tenant.post("/v1/event-types", "{\"name\": \"a.b\", \"description\": \"x\"}");
    tenant.patch("/v1/event-types/a.b", "{\"description\": \"y\"}");
    tenant.patch("/v1/event-types/a.b", "{\"description\": \"y\"}");
    tenant.delete("/v1/event-types/a.b");
    assertThat(actions("a.b"))
        .containsExactly("event-type.created", "event-type.updated", "event-type.deleted");

    String endpoint = tenant.endpoint("*");
    String event = tenant.event("invoice.purchase");
    tenant.attempt(event, endpoint, 1, "http_error", null);
    String recovery =
        tenant
            .post("/v1/endpoints/" + endpoint + "/recover", "{\"since\": \"2026-01-01T00:00:00Z\"}")
            .text("id");
    tenant.post("/v1/recoveries/" + recovery + "/cancel", null);
    tenant.post("/v1/recoveries/" + recovery + "/cancel", null);
    assertThat(actions(recovery)).containsExactly("recovery.created", "recovery.cancelled");
    tenant.post("/v1/events/" + event + "/resend", null);
    assertThat(actions(event)).containsExactly("event.resent");
  }

  @Test
  void whatWasRefusedOrRepeatedLeavesNoEntry() {
    Map<String, String> once = Map.of("Idempotency-Key", "till-1");
    String id = tenant.post("/v1/endpoints", ENDPOINT, once).text("id");
    assertThat(tenant.post("/v1/endpoints", ENDPOINT, once).text("id")).isEqualTo(id);
    assertThat(actions(id)).hasSize(1);
    int before = entries("?limit=250").size();
    tenant.post("/v1/endpoints", "{\"name\": \"\"}");
    tenant.patch("/v1/endpoints/" + id, "{\"url\": \"nonsense\"}");
    control.call(
        control.port(),
        "DELETE",
        "/v1/endpoints/" + id,
        tenant.key(),
        null,
        Map.of("If-Match", "\"1\""));
    tenant.delete("/v1/keys/key_00000000000000000000000000");
    assertThat(tenant.delete("/v1/endpoints/ep_00000000000000000000000000/tls").status())
        .isEqualTo(404);
    assertThat(entries("?limit=250")).hasSize(before);
  }

  @Test
  void noSecretIsInIt() {
    Response made = tenant.post("/v1/endpoints", ENDPOINT);
    String endpoint = "/v1/endpoints/" + made.text("id");
    tenant.patch(endpoint, "{\"headers\": {\"Authorization\": \"Bearer hunter3\"}}");
    String rotated = tenant.post(endpoint + "/secret/rotate", "{}").text("secret");
    Response source =
        tenant.post(
            "/v1/sources",
            "{\"name\": \"s\", \"scheme\": \"showpass\", \"secret\": \"hush-hush\"}");
    tenant.post(
        "/v1/sources/" + source.text("id") + "/secret/rotate", "{\"secret\": \"hush-again\"}");
    String key = tenant.post("/v1/keys", "{\"name\": \"k\"}").text("api_key");

    String all = tenant.get("/v1/audit?limit=250").http().body();
    assertThat(all)
        .contains("(hidden)", "(hidden, changed)", "source.secret-rotated", "key.created")
        .doesNotContain("hunter", made.text("secret"), rotated, "hush", key);
    control.sql("SELECT 1");
    assertThat(
            control.number(
                "SELECT count(*) FROM audit_log WHERE changes LIKE '%hunter%' OR changes LIKE"
                    + " '%hush%' OR changes LIKE '%whsec_%' OR changes LIKE '%usher\\_%'"))
        .isZero();
  }

  @Test
  void longValuesAreNotKept() {
    String long1 = "x".repeat(900);
    String sample = "{\"text\": \"" + long1.repeat(10) + "\"}";
    tenant.post("/v1/event-types", "{\"name\": \"long.one\", \"sample\": " + sample + "}");
    JsonNode created = entries("?target=long.one").getFirst();
    assertThat(created.at("/changes/sample/to").asText()).matches("\\(\\d{4} characters\\)");
  }

  @Test
  void itOutlivesTheOrganizationAndTheAdministratorReadsIt() {
    Tenant gone = control.tenant();
    gone.source();
    control.admin("DELETE", "/v1/organizations/" + gone.id(), null);
    JsonNode all = control.admin("GET", "/v1/audit?organization=" + gone.id(), null).body();
    assertThat(all.path("data")).hasSize(3);
    assertThat(all.at("/data/0/action").asText()).isEqualTo("organization.deleted");
    assertThat(all.at("/data/0/actor").asText()).isEqualTo("administrator");
    assertThat(all.at("/data/0/actor_name").isNull()).isTrue();
    assertThat(all.at("/data/2/action").asText()).isEqualTo("organization.created");
    assertThat(control.admin("GET", "/v1/audit?limit=2", null).body().path("data")).hasSize(2);
  }

  @Test
  void aCursorStaysRightWhileNewEntriesCome() {
    for (int i = 0; i < 5; i++) {
      tenant.post("/v1/keys", "{\"name\": \"k" + i + "\"}");
    }
    Response first = tenant.get("/v1/audit?limit=3&action=key.created");
    tenant.post("/v1/keys", "{\"name\": \"late\"}");
    Response second =
        tenant.get("/v1/audit?limit=3&action=key.created&cursor=" + first.text("next"));
    List<String> names = new ArrayList<>();
    for (Response page : List.of(first, second)) {
      page.body().path("data").forEach(entry -> names.add(entry.at("/changes/name/to").asText()));
    }
    assertThat(names).containsExactly("k4", "k3", "k2", "k1", "k0");
  }

  @Test
  void filtersThatAreWrongAreNamed() {
    Response refused = tenant.get("/v1/audit?since=yesterday&organization=nobody&who=me");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors")).hasSize(3);
  }
}
