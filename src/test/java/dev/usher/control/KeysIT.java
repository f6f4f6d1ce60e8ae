package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.control.ControlFixture.Response;
import dev.usher.event.ApiKeyId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class KeysIT {
  private final ControlFixture control;
  private final Tenant tenant;

  KeysIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @Test
  void aNewKeyWorksAtOnceAndIsShownOnce() {
    Response made = tenant.post("/v1/keys", "{\"name\": \"CI\", \"role\": \"viewer\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("id")).startsWith("key_");
    assertThat(made.text("name")).isEqualTo("CI");
    assertThat(made.text("role")).isEqualTo("viewer");
    assertThat(made.body().path("expires_at").isNull()).isTrue();
    assertThat(made.body().path("last_used_at").isNull()).isTrue();
    String key = made.text("api_key");
    assertThat(key).matches("usher_[0-9a-z]{26}_[A-Za-z0-9_-]{43}");
    assertThat(with(key).get("/v1/sources").status()).isEqualTo(200);

    String path = "/v1/keys/" + made.text("id");
    assertThat(made.header("location")).hasValue(path);
    assertThat(tenant.get(path).body().has("api_key")).isFalse();
    assertThat(tenant.get(path).http().body()).doesNotContain(key);
    assertThat(tenant.get("/v1/keys").http().body()).contains(made.text("id")).doesNotContain(key);
  }

  @Test
  void onlyAHashLiesInTheDatabase() {
    String key = tenant.post("/v1/keys", "{\"name\": \"CI\"}").text("api_key");
    assertThat(
            control.number(
                """
                SELECT count(*) FROM api_keys k
                WHERE organization_id = $1 AND position($2::bytea IN k::text::bytea) > 0\
                """,
                tenant.uuid(),
                key.substring(33).getBytes(StandardCharsets.UTF_8)))
        .isZero();
  }

  @Test
  void aKeyIsAMembersWhereNothingElseIsSaid() {
    Response made = tenant.post("/v1/keys", "{\"name\": \"CI\"}");
    assertThat(made.text("role")).isEqualTo("member");
    assertThat(with(made.text("api_key")).get("/v1/keys").status()).isEqualTo(403);
  }

  @Test
  void theFirstKeyIsAnAdmins() {
    Response keys = tenant.get("/v1/keys");
    assertThat(keys.body().path("data")).hasSize(1);
    assertThat(keys.body().path("data").path(0).path("role").asText()).isEqualTo("admin");
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    Response refused =
        tenant.post(
            "/v1/keys",
            "{\"name\": \"\", \"role\": \"owner\", \"expires_at\": \"yesterday\", \"x\": 1}");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder("name", "role", "expires_at", "x");
    Response past =
        tenant.post("/v1/keys", "{\"name\": \"a\", \"expires_at\": \"2020-01-01T00:00:00Z\"}");
    assertThat(past.body().path("errors").findValuesAsText("field")).containsExactly("expires_at");
    assertThat(tenant.post("/v1/keys", "{\"name\": \"a\", \"role\": 7}").status()).isEqualTo(400);
  }

  @Test
  void anExpiredKeyOpensNothing() {
    Response made =
        tenant.post("/v1/keys", "{\"name\": \"a\", \"expires_at\": \"2999-01-01T00:00:00Z\"}");
    assertThat(made.text("expires_at")).isEqualTo("2999-01-01T00:00:00.000Z");
    Tenant guest = with(made.text("api_key"));
    assertThat(guest.get("/v1/sources").status()).isEqualTo(200);

    control.sql("UPDATE api_keys SET expires_at = now() WHERE id = $1", uuid(made.text("id")));

    Response refused = guest.get("/v1/sources");
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.http().body()).isEqualTo(with("nonsense").get("/v1/sources").http().body());
  }

  @Test
  void aDeletedKeyOpensNothing() {
    Response made = tenant.post("/v1/keys", "{\"name\": \"a\"}");
    String path = "/v1/keys/" + made.text("id");
    assertThat(tenant.delete(path).status()).isEqualTo(204);
    assertThat(with(made.text("api_key")).get("/v1/sources").status()).isEqualTo(401);
    assertThat(tenant.delete(path).status()).isEqualTo(404);
    assertThat(tenant.get(path).status()).isEqualTo(404);
  }

  @Test
  void theLastUseIsNotedOnceAMinute() {
    Response made = tenant.post("/v1/keys", "{\"name\": \"a\"}");
    Tenant guest = with(made.text("api_key"));
    guest.get("/v1/sources");
    String path = "/v1/keys/" + made.text("id");
    await().until(() -> !tenant.get(path).body().path("last_used_at").isNull());
    String first = tenant.get(path).text("last_used_at");
    guest.get("/v1/sources");
    assertThat(tenant.get(path).text("last_used_at")).isEqualTo(first);

    control.sql(
        "UPDATE api_keys SET last_used_at = now() - interval '61 seconds' WHERE id = $1",
        uuid(made.text("id")));
    guest.get("/v1/sources");
    await().until(() -> tenant.get(path).text("last_used_at").compareTo(first) >= 0);
  }

  @Test
  void keysAreListedNewestFirstInPages() {
    for (int i = 0; i < 3; i++) {
      tenant.post("/v1/keys", "{\"name\": \"key " + i + "\"}");
    }
    Response page = tenant.get("/v1/keys?limit=2");
    List<String> ids = page.body().path("data").findValuesAsText("id");
    Response rest = tenant.get("/v1/keys?limit=2&cursor=" + page.text("next"));
    assertThat(ids).hasSize(2).isSortedAccordingTo((a, b) -> b.compareTo(a));
    assertThat(rest.body().path("data")).hasSize(2);
    assertThat(rest.body().path("next").isNull()).isTrue();
  }

  @Test
  void aKeyIsMadeOnceForAnIdempotencyKey() {
    Map<String, String> once = Map.of("Idempotency-Key", "k1");
    String first = tenant.post("/v1/keys", "{\"name\": \"a\"}", once).text("api_key");
    assertThat(tenant.post("/v1/keys", "{\"name\": \"a\"}", once).text("api_key")).isEqualTo(first);
    assertThat(tenant.get("/v1/keys").body().path("data")).hasSize(2);
  }

  private Tenant with(String key) {
    return new Tenant(control, tenant.id(), key);
  }

  private static UUID uuid(String key) {
    return Objects.requireNonNull(ApiKeyId.parse(key)).value();
  }
}
