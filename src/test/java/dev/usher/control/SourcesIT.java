package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class SourcesIT {
  private final ControlFixture control;
  private Tenant tenant;

  SourcesIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @BeforeEach
  void anOrganizationForEachTest() {
    tenant = control.tenant();
  }

  @Test
  void aSourceIsMadeWithEverythingThatWasGiven() {
    Response made =
        tenant.post(
            "/v1/sources",
            """
            {"name": "Box office", "scheme": "standard-webhooks", "secret": "whsec_given",
             "options": {"tolerance": "1m"}, "allowed_networks": ["10.0.0.0/8", "2001:db8::/32"]}\
            """);
    assertThat(made.status()).isEqualTo(201);
    String id = made.text("id");
    assertThat(made.text("path")).isEqualTo("/in/" + id);
    assertThat(made.text("secret")).isEqualTo("whsec_given");
    assertThat(made.header("location")).hasValue("/v1/sources/" + id);
    assertThat(made.body().path("options").path("tolerance").asText()).isEqualTo("1m");
    assertThat(made.body().path("allowed_networks")).hasSize(2);
    assertThat(made.text("created_at"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");

    Response shown = tenant.get("/v1/sources/" + id);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.text("scheme")).isEqualTo("standard-webhooks");
    assertThat(shown.body().has("secret")).isFalse();
  }

  @Test
  void aSecretThatWasNotGivenIsGeneratedAsTheSchemeWantsIt() {
    Response made =
        tenant.post("/v1/sources", "{\"name\": \"S\", \"scheme\": \"standard-webhooks\"}");
    assertThat(made.text("secret")).startsWith("whsec_");
    assertThat(tenant.get("/v1/sources/" + made.text("id") + "/secret").text("secret"))
        .isEqualTo(made.text("secret"));
  }

  @Test
  void noSecretLiesInTheDatabaseInTheClear() {
    tenant.post(
        "/v1/sources", "{\"name\": \"S\", \"scheme\": \"showpass\", \"secret\": \"hunter2\"}");
    assertThat(
            control.number(
                """
                SELECT count(*) FROM secrets
                WHERE organization_id = $1 AND position('hunter2'::bytea IN ciphertext) > 0\
                """,
                tenant.uuid()))
        .isZero();
  }

  @Test
  void everyFaultIsNamedAtOnceAndTheSecretIsNotRepeated() {
    Response refused =
        tenant.post(
            "/v1/sources",
            """
            {"name": "", "scheme": "standard-webhooks", "secret": "hunter2", "colour": "red",
             "options": {"shade": "x"}, "allowed_networks": ["10.0.0.1/8", 7]}\
            """);
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("code")).isEqualTo("invalid-request");
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder(
            "name",
            "secret",
            "colour",
            "options.shade",
            "allowed_networks[0]",
            "allowed_networks[1]");
    assertThat(refused.http().body()).doesNotContain("hunter2").doesNotContain("red");
    assertThat(refused.http().body())
        .contains("{\"field\":\"options.shade\",\"value\":\"x\",\"expected\":\"none\"}");
  }

  @Test
  void anUnknownSchemeIsToldWhichThereAre() {
    Response refused = tenant.post("/v1/sources", "{\"name\": \"S\", \"scheme\": \"smoke\"}");
    assertThat(refused.body().path("errors").path(0).path("value").asText()).isEqualTo("smoke");
    assertThat(refused.body().path("errors").path(0).path("expected").asText())
        .isEqualTo(
            "one of github, hmac, linear, mailgun, paddle, pagerduty, sendgrid, shopify, showpass,"
                + " slack, square, standard-webhooks, stripe, twilio, zoom");
  }

  @Test
  void aPatchChangesWhatItNamesAndNullGivesTheDefault() {
    Response made =
        tenant.post(
            "/v1/sources",
            """
            {"name": "S", "scheme": "standard-webhooks", "options": {"tolerance": "1m"},
             "allowed_networks": ["10.0.0.0/8"]}\
            """);
    String path = "/v1/sources/" + made.text("id");

    Response renamed = tenant.patch(path, "{\"name\": \"T\"}");
    assertThat(renamed.status()).isEqualTo(200);
    assertThat(renamed.text("name")).isEqualTo("T");
    assertThat(renamed.body().path("allowed_networks")).hasSize(1);
    assertThat(renamed.body().has("secret")).isFalse();

    Response reset =
        tenant.patch(path, "{\"allowed_networks\": null, \"options\": {\"tolerance\": null}}");
    assertThat(reset.body().path("allowed_networks")).isEmpty();
    assertThat(reset.body().path("options")).isEmpty();
    assertThat(tenant.get(path).body()).isEqualTo(reset.body());
  }

  @Test
  void theSchemeOfASourceStaysAsItIs() {
    String path = "/v1/sources/" + tenant.source();
    assertThat(tenant.patch(path, "{\"scheme\": \"standard-webhooks\"}").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "{\"scheme\": null}").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "{\"name\": null}").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "{\"colour\": null}").status()).isEqualTo(400);
    assertThat(tenant.patch(path, "{\"scheme\": \"showpass\"}").status()).isEqualTo(200);
  }

  @Test
  void afterARotationTheEarlierSecretExpiresWhenTheOverlapEnds() {
    String source = tenant.source();
    String path = "/v1/sources/" + source + "/secret";
    Response rotated = tenant.post(path + "/rotate", "{\"secret\": \"new\", \"overlap\": \"1h\"}");
    assertThat(rotated.status()).isEqualTo(200);
    assertThat(rotated.text("secret")).isEqualTo("new");

    Response shown = tenant.get(path);
    assertThat(shown.text("secret")).isEqualTo("new");
    assertThat(shown.body().path("expiring")).hasSize(1);
    assertThat(shown.body().path("expiring").path(0).has("secret")).isFalse();

    assertThat(tenant.post(path + "/rotate", "{\"overlap\": \"0s\"}").status()).isEqualTo(200);
    assertThat(tenant.get(path).body().path("expiring")).isEmpty();
  }

  @Test
  void everyChangeOfASourceGetsANewRevision() {
    String source = tenant.source();
    long before = revision();
    tenant.patch("/v1/sources/" + source, "{\"name\": \"T\"}");
    long renamed = revision();
    tenant.post("/v1/sources/" + source + "/secret/rotate", null);
    long rotated = revision();
    tenant.delete("/v1/sources/" + source);
    assertThat(before).isLessThan(renamed);
    assertThat(renamed).isLessThan(rotated);
    assertThat(rotated).isLessThan(revision());
  }

  private long revision() {
    return control.number("SELECT revision FROM sources WHERE organization_id = $1", tenant.uuid());
  }

  @Test
  void aDeletedSourceIsGoneWithItsSecrets() {
    String path = "/v1/sources/" + tenant.source();
    assertThat(tenant.delete(path).status()).isEqualTo(204);
    assertThat(tenant.get(path).status()).isEqualTo(404);
    assertThat(tenant.delete(path).status()).isEqualTo(404);
    assertThat(tenant.patch(path, "{\"name\": \"T\"}").status()).isEqualTo(404);
    assertThat(tenant.get(path + "/secret").status()).isEqualTo(404);
    assertThat(tenant.post(path + "/secret/rotate", null).status()).isEqualTo(404);
    assertThat(tenant.get("/v1/sources").body().path("data")).isEmpty();
    assertThat(
            control.number(
                "SELECT count(*) FROM secrets WHERE organization_id = $1", tenant.uuid()))
        .isZero();
  }
}
