package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import dev.usher.testing.TestCertificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class TenantIsolationIT {
  private static final String RECOVER = "{\"since\": \"2026-01-01T00:00:00Z\"}";

  private final ControlFixture control;
  private final Tenant owner;
  private final Tenant stranger;

  TenantIsolationIT(ControlFixture control) {
    this.control = control;
    this.owner = control.tenant();
    this.stranger = control.tenant();
  }

  @Test
  void everyCallWithAnotherTenantsIdsFindsNothingAndChangesNothing() {
    String source = "/v1/sources/" + owner.source();
    String endpoint = "/v1/endpoints/" + owner.endpoint("*");
    Map<String, String> ids =
        Map.of(
            "/v1/organizations/",
            "/v1/organizations/" + owner.id(),
            "/v1/keys/",
            "/v1/keys/" + owner.get("/v1/keys").body().at("/data/0/id").asText(),
            "/v1/sources/",
            source,
            "/v1/endpoints/",
            endpoint,
            "/v1/events/",
            "/v1/events/" + owner.event("invoice.purchase"),
            "/v1/event-types/",
            "/v1/event-types/own.type",
            "/v1/recoveries/",
            "/v1/recoveries/" + owner.post(endpoint + "/recover", RECOVER).text("id"));
    owner.post("/v1/event-types", "{\"name\": \"own.type\"}");
    String before = owner.get(source).http().body() + owner.get(endpoint).http().body();

    for (Route route : control.routes()) {
      int id = route.path().indexOf(":id");
      if (id < 0) {
        continue;
      }
      String start = route.path().substring(0, id);
      assertThat(ids).as("an id for every path").containsKey(start);
      String path = ids.get(start) + route.path().substring(id + ":id".length());
      Response refused = stranger.call(route.method(), path, body(route));
      assertThat(refused.status()).as(path).isEqualTo(404);
      assertThat(refused.text("code")).as(path).isEqualTo("not-found");
    }
    assertThat(stranger.delete("/v1/organizations/" + stranger.id()).status()).isEqualTo(404);
    assertThat(stranger.get("/v1/organizations").status()).isEqualTo(404);
    assertThat(stranger.post("/v1/organizations", "{\"name\": \"Mine\"}").status()).isEqualTo(404);

    assertThat(owner.get(source).http().body() + owner.get(endpoint).http().body())
        .isEqualTo(before);
  }

  private static @Nullable String body(Route route) {
    if (route.path().endsWith("/recover")) {
      return RECOVER;
    }
    if (route.method().equals("PUT")) {
      String authority = TestCertificate.of("dns:stranger.example").certificate();
      return Json.object().put("ca", authority).toString();
    }
    return route.method().equals("PATCH") ? "{}" : null;
  }

  @Test
  void listsAndFiltersShowNothingOfAnother() {
    String source = owner.source();
    String endpoint = owner.endpoint("*");
    String event = owner.event("invoice.purchase", source, "{}", java.time.Instant.now());
    owner.attempt(event, endpoint, 1, "succeeded", null);
    for (String list :
        List.of(
            "/v1/sources",
            "/v1/endpoints",
            "/v1/events",
            "/v1/events?source=" + source,
            "/v1/events?status=succeeded",
            "/v1/dead-letters?endpoint=" + endpoint,
            "/v1/recoveries",
            "/v1/rejections",
            "/v1/audit?organization=" + owner.id(),
            "/v1/audit?target=" + endpoint,
            "/v1/statistics/endpoints",
            "/v1/attempts",
            "/v1/attempts?event=" + event,
            "/v1/attempts?endpoint=" + endpoint + "&status=failed")) {
      assertThat(stranger.get(list).body().path("data")).as(list).isEmpty();
    }
  }

  @Test
  void anEventCannotBeResentToAnotherTenantsEndpoint() {
    String event = stranger.event("invoice.purchase");
    String body = "{\"endpoint\": \"" + owner.endpoint("*") + "\"}";
    assertThat(stranger.post("/v1/events/" + event + "/resend", body).status()).isEqualTo(404);
  }

  @Test
  void idsOfTheWrongKindFindNothing() {
    String source = owner.source();
    assertThat(owner.get("/v1/endpoints/" + source).status()).isEqualTo(404);
    assertThat(owner.get("/v1/endpoints/ep_" + source.substring(4)).status()).isEqualTo(404);
    assertThat(owner.get("/v1/events/" + source).status()).isEqualTo(404);
  }

  @Test
  void theAdministratorNamesTheOrganization() {
    String source = owner.source();
    Response unnamed = control.admin("GET", "/v1/sources", null);
    assertThat(unnamed.status()).isEqualTo(400);
    assertThat(unnamed.text("code")).isEqualTo("organization-required");
    assertThat(unnamed.text("detail")).contains("Usher-Organization");

    assertThat(asAdminIn(owner.id(), "/v1/sources/" + source).status()).isEqualTo(200);
    assertThat(asAdminIn(stranger.id(), "/v1/sources/" + source).status()).isEqualTo(404);
    assertThat(asAdminIn("org_nonsense", "/v1/sources").status()).isEqualTo(400);

    control.admin("DELETE", "/v1/organizations/" + owner.id(), null);
    assertThat(asAdminIn(owner.id(), "/v1/sources").status()).isEqualTo(404);
  }

  private Response asAdminIn(String organization, String path) {
    return control.call(
        control.port(),
        "GET",
        path,
        ControlFixture.ADMIN_KEY,
        null,
        Map.of("Usher-Organization", organization));
  }

  @Test
  void anOrganizationsKeyCannotNameAnotherOrganization() {
    Map<String, String> other = Map.of("Usher-Organization", owner.id());
    Map<String, String> own = Map.of("Usher-Organization", stranger.id());
    assertThat(
            control
                .call(control.port(), "GET", "/v1/sources", stranger.key(), null, other)
                .status())
        .isEqualTo(404);
    assertThat(
            control.call(control.port(), "GET", "/v1/sources", stranger.key(), null, own).status())
        .isEqualTo(200);
  }

  @Test
  void keysThatDoNotOpenAllGetTheSameAnswer() {
    String key = owner.key();
    String altered = key.substring(0, key.length() - 2) + (key.endsWith("AA") ? "BB" : "AA");
    String unknown = "usher_" + "0".repeat(26) + key.substring(32);
    String first = "";
    for (String wrong :
        List.of(altered, unknown, "usher_", "nonsense", key + "A", key.substring(1))) {
      Response refused = control.call(control.port(), "GET", "/v1/sources", wrong, null, Map.of());
      assertThat(refused.status()).as(wrong).isEqualTo(401);
      assertThat(refused.header("www-authenticate")).hasValue("Bearer realm=\"usher\"");
      assertThat(first).isIn("", refused.http().body());
      first = refused.http().body();
    }
    assertThat(control.call(control.port(), "GET", "/v1/sources", null, null, Map.of()).status())
        .isEqualTo(401);
  }
}
