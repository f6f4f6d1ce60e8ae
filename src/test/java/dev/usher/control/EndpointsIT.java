package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.usher.control.ControlFixture.Response;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class EndpointsIT {
  private final ControlFixture control;
  private Tenant tenant;

  EndpointsIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @BeforeEach
  void anOrganizationForEachTest() {
    tenant = control.tenant();
  }

  @Test
  void anEndpointWithDefaultsSaysWhatTheyAre() {
    Response made =
        tenant.post(
            "/v1/endpoints",
            """
            {"name": "Till", "url": "https://example.com/hook?x=1", "events": ["invoice.purchase"]}\
            """);
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("status")).isEqualTo("active");
    assertThat(made.text("signature")).isEqualTo("both");
    assertThat(made.text("url")).isEqualTo("https://example.com/hook?x=1");
    assertThat(made.body().path("ordered").asBoolean(true)).isFalse();
    for (String unset : List.of("timeout", "retry_schedule", "concurrency", "rate_limit")) {
      assertThat(made.body().path(unset).isNull()).as(unset).isTrue();
    }
    assertThat(made.text("secret")).startsWith("whsec_");
    assertThat(Base64.getDecoder().decode(made.text("secret").substring(6))).hasSize(32);
  }

  @Test
  void everySettingIsKeptAndShownAgain() {
    Response made =
        tenant.post(
            "/v1/endpoints",
            """
            {"name": "Till", "url": "http://127.0.0.1:9/x", "events": ["*", "invoice.*"],
             "signature": "standard-webhooks", "headers": {"X-Shop": "7"}, "timeout": "5s",
             "retry_schedule": ["5s", "90s", "24h"], "concurrency": 3, "rate_limit": 25,
             "ordered": true}\
            """);
    assertThat(made.status()).as(made.http().body()).isEqualTo(201);
    JsonNode shown = tenant.get("/v1/endpoints/" + made.text("id")).body();
    assertThat(shown.path("headers").path("X-Shop").asText()).isEqualTo("7");
    assertThat(shown.path("timeout").asText()).isEqualTo("5s");
    assertThat(texts(shown.path("retry_schedule"))).containsExactly("5s", "90s", "1d");
    assertThat(shown.path("concurrency").asInt()).isEqualTo(3);
    assertThat(shown.path("rate_limit").asInt()).isEqualTo(25);
    assertThat(shown.path("ordered").asBoolean()).isTrue();
    assertThat(texts(shown.path("events"))).containsExactly("*", "invoice.*");
    assertThat(shown.has("secret")).isFalse();
  }

  @Test
  void everyFaultIsNamedAtOnce() {
    Response refused =
        tenant.post(
            "/v1/endpoints",
            """
            {"name": "a\\u0000b", "url": "ftp://example.com", "events": ["a b", 7, "ok", ".*"],
             "signature": "none", "headers": {"Host": "x", "a b": "y", "X-A": "1", "x-a": "2",
             "webhook-id": "z", "X-N": 1}, "timeout": "31s", "retry_schedule": ["1s", "25h"],
             "concurrency": 0, "rate_limit": 0, "ordered": "yes", "secret": "mine"}\
            """);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.header("content-type")).hasValue("application/problem+json");
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder(
            "name",
            "url",
            "events[0]",
            "events[1]",
            "events[3]",
            "signature",
            "headers.Host",
            "headers.a b",
            "headers.x-a",
            "headers.webhook-id",
            "headers.X-N",
            "timeout",
            "retry_schedule[1]",
            "concurrency",
            "rate_limit",
            "ordered",
            "secret");
    assertThat(refused.http().body()).doesNotContain("mine");
  }

  @Test
  void wrongTypesAreFaultsAndNeverAFailure() {
    for (String member :
        List.of(
            "name",
            "url",
            "events",
            "signature",
            "headers",
            "timeout",
            "retry_schedule",
            "concurrency",
            "ordered")) {
      for (String value :
          List.of("7", "1e400", "true", "\"\"", "\"\\ud800\"", "[]", "[[]]", "{\"a\":{}}")) {
        String body = "{\"" + member + "\": " + value + "}";
        Response refused = tenant.post("/v1/endpoints", body);
        assertThat(refused.status()).as(body).isEqualTo(400);
        assertThat(refused.text("code")).as(body).isEqualTo("invalid-request");
      }
    }
  }

  @Test
  void urlsThatCannotBeDeliveredToAreRefused() {
    for (String url :
        List.of(
            "example.com",
            "/hook",
            "https://",
            "https:///x",
            "http://example.com/",
            "https://10.0.0.1/",
            "https://user:pass@example.com/",
            "https://example.com/#part",
            "https://example.com:0/",
            "https://example.com:70000/",
            "https://exa mple.com/",
            "https://münchen.example/",
            "javascript:alert(1)",
            "https://example.com/" + "a".repeat(2_048))) {
      Response refused =
          tenant.post(
              "/v1/endpoints", "{\"name\": \"E\", \"events\": [\"*\"], \"url\": \"" + url + "\"}");
      assertThat(refused.status()).as(url).isEqualTo(400);
      assertThat(refused.body().path("errors").path(0).path("field").asText()).isEqualTo("url");
      assertThat(refused.http().body()).doesNotContain("pass@");
    }
  }

  @Test
  void patternsThatOthersCoverAreNotSubscribedTwice() {
    Response made =
        tenant.post(
            "/v1/endpoints",
            """
            {"name": "E", "url": "https://example.com/",
             "events": ["invoice.purchase", "invoice.*", "invoice.eu.*", "webhook.test",
                        "webhook.test"]}\
            """);
    assertThat(subscriptions()).containsExactlyInAnyOrder("invoice.*", "webhook.test");

    tenant.patch("/v1/endpoints/" + made.text("id"), "{\"events\": [\"*\", \"webhook.test\"]}");
    assertThat(subscriptions()).containsExactly("*");
  }

  private List<String> subscriptions() {
    List<String> patterns = new ArrayList<>();
    control
        .sql("SELECT pattern FROM subscriptions WHERE organization_id = $1", tenant.uuid())
        .forEach(row -> patterns.add(row.getString("pattern")));
    return patterns;
  }

  @Test
  void aPatchChangesWhatItNamesAndNullGivesTheDefault() {
    Response made =
        tenant.post(
            "/v1/endpoints",
            """
            {"name": "E", "url": "https://example.com/", "events": ["*"], "timeout": "5s",
             "concurrency": 3, "headers": {"X-A": "1", "X-B": "2"}, "signature": "showpass"}\
            """);
    String path = "/v1/endpoints/" + made.text("id");
    JsonNode changed =
        tenant
            .patch(
                path,
                """
                {"timeout": null, "headers": {"X-A": null, "X-C": "3"}, "signature": null,
                 "concurrency": 4}\
                """)
            .body();
    assertThat(changed.path("timeout").isNull()).isTrue();
    assertThat(changed.path("headers").toString()).isEqualTo("{\"X-B\":\"2\",\"X-C\":\"3\"}");
    assertThat(changed.path("signature").asText()).isEqualTo("both");
    assertThat(changed.path("concurrency").asInt()).isEqualTo(4);
    assertThat(changed.path("name").asText()).isEqualTo("E");
    assertThat(tenant.get(path).body()).isEqualTo(changed);

    assertThat(tenant.patch(path, "{\"url\": null}").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "{\"nonsense\": null}").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "[]").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "{}").body()).isEqualTo(changed);
  }

  @Test
  void anEndpointWhoseUrlIsNoLongerAllowedCanStillBeRenamed() {
    String endpoint = tenant.endpoint("*");
    control.sql(
        "UPDATE endpoints SET url = 'https://10.0.0.1/' WHERE id = $1",
        Tenant.endpointUuid(endpoint));
    String path = "/v1/endpoints/" + endpoint;
    assertThat(tenant.patch(path, "{\"name\": \"Renamed\"}").status()).isEqualTo(200);
    assertThat(tenant.patch(path, "{\"url\": \"https://10.0.0.1/\"}").status()).isEqualTo(400);
  }

  @Test
  void headersThatMayBeCredentialsAreNeverShownAgain() {
    Response made =
        tenant.post(
            "/v1/endpoints",
            """
            {"name": "E", "url": "https://example.com/", "events": ["*"],
             "headers": {"Authorization": "Bearer hunter2", "X-Api-Key": "hunter2", "X-A": "1"}}\
            """);
    assertThat(made.status()).isEqualTo(201);
    String path = "/v1/endpoints/" + made.text("id");
    assertThat(made.http().body()).doesNotContain("hunter2");
    assertThat(tenant.get(path).http().body()).doesNotContain("hunter2").contains("\"X-A\":\"1\"");
    assertThat(tenant.get("/v1/endpoints").http().body()).doesNotContain("hunter2");

    tenant.patch(path, "{\"name\": \"F\"}");
    assertThat(
            control.number(
                "SELECT count(*) FROM endpoints WHERE organization_id = $1 AND"
                    + " headers->>'Authorization' = 'Bearer hunter2'",
                tenant.uuid()))
        .isEqualTo(1);
    assertThat(tenant.patch(path, "{\"headers\": {\"Authorization\": \"(hidden)\"}}").status())
        .isEqualTo(400);
  }

  @Test
  void pausingAndActivatingChangeTheStatusAndMayBeRepeated() {
    String path = "/v1/endpoints/" + tenant.endpoint("*");
    assertThat(tenant.post(path + "/pause", null).text("status")).isEqualTo("paused");
    assertThat(tenant.post(path + "/pause", null).status()).isEqualTo(200);
    assertThat(tenant.get(path).text("status")).isEqualTo("paused");
    assertThat(tenant.post(path + "/activate", null).text("status")).isEqualTo("active");
    assertThat(tenant.post(path + "/pause", "{\"why\": 1}").status()).isEqualTo(400);
  }

  @Test
  void activatingADisabledEndpointForgetsWhyItWasDisabled() {
    String endpoint = tenant.endpoint("*");
    control.sql(
        "UPDATE endpoints SET status = 'disabled', disabled_reason = 'answered 410' WHERE id = $1",
        Tenant.endpointUuid(endpoint));
    String path = "/v1/endpoints/" + endpoint;
    assertThat(tenant.get(path).text("disabled_reason")).isEqualTo("answered 410");
    Response active = tenant.post(path + "/activate", null);
    assertThat(active.text("status")).isEqualTo("active");
    assertThat(active.body().has("disabled_reason")).isFalse();
  }

  @Test
  void theSecretIsShownOnItsOwnCallOnlyAndRotates() {
    String path = "/v1/endpoints/" + tenant.endpoint("*");
    Response first = tenant.get(path + "/secret");
    Response rotated = tenant.post(path + "/secret/rotate", null);
    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.text("secret")).startsWith("whsec_").isNotEqualTo(first.text("secret"));
    assertThat(tenant.get(path + "/secret").text("secret")).isEqualTo(rotated.text("secret"));
    assertThat(tenant.get("/v1/endpoints").http().body())
        .doesNotContain(first.text("secret"))
        .doesNotContain(rotated.text("secret"));
    assertThat(tenant.post(path + "/secret/rotate", "{\"overlap\": \"8d\"}").status())
        .isEqualTo(400);
    assertThat(tenant.post(path + "/secret/rotate", "{\"secret\": \"x\"}").status()).isEqualTo(400);
  }

  @Test
  void noMoreThanFiveSecretsCountAtOnce() {
    String path = "/v1/endpoints/" + tenant.endpoint("*") + "/secret/rotate";
    for (int i = 0; i < 4; i++) {
      assertThat(tenant.post(path, null).status()).isEqualTo(200);
    }
    Response refused = tenant.post(path, null);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.text("code")).isEqualTo("too-many-secrets");
    assertThat(tenant.post(path, "{\"overlap\": \"0s\"}").status()).isEqualTo(200);
  }

  @Test
  void aDeletedEndpointIsOwedNothing() {
    String endpoint = tenant.endpoint("*");
    String other = tenant.endpoint("*");
    String event = tenant.event("invoice.purchase");
    tenant.delivery(event, endpoint, null);
    tenant.delivery(event, other, null);
    tenant.delivery(tenant.event("invoice.void"), endpoint, 7);
    String path = "/v1/endpoints/" + endpoint;

    assertThat(tenant.delete(path).status()).isEqualTo(204);

    assertThat(tenant.get(path).status()).isEqualTo(404);
    assertThat(tenant.post(path + "/activate", null).status()).isEqualTo(404);
    assertThat(subscriptions()).containsExactly("*");
    await()
        .untilAsserted(
            () ->
                assertThat(
                        control.number(
                            "SELECT count(*) FROM deliveries WHERE organization_id = $1",
                            tenant.uuid()))
                    .isEqualTo(1));
  }

  @Test
  void pagesNeitherRepeatNorMissARowWhileOthersComeAndGo() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.add(tenant.endpoint("*"));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    int pages = 0;
    do {
      Response page = tenant.get("/v1/endpoints?limit=3" + cursor);
      seen.addAll(page.body().path("data").findValuesAsText("id"));
      tenant.endpoint("*"); // comes in above what was read
      tenant.delete("/v1/endpoints/" + seen.getFirst());
      cursor = page.body().path("next").isNull() ? "" : "&cursor=" + page.text("next");
      pages++;
    } while (!cursor.isEmpty());
    assertThat(seen)
        .containsExactlyInAnyOrderElementsOf(made)
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(pages).isEqualTo(3);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
