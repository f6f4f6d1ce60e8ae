package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.control.ControlFixture.Response;
import dev.usher.event.OrganizationId;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class OrganizationsIT {
  private final ControlFixture control;

  OrganizationsIT(ControlFixture control) {
    this.control = control;
  }

  @Test
  void aNewOrganizationGetsAKeyThatWorksAtOnceAndIsStoredAsAHashOnly() {
    Response made = control.admin("POST", "/v1/organizations", "{\"name\": \"Grand Théâtre 🎭\"}");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("id")).startsWith("org_").hasSize(30);
    assertThat(made.text("name")).isEqualTo("Grand Théâtre 🎭");
    assertThat(made.text("api_key")).matches("usher_[0-9a-z]{26}_[A-Za-z0-9_-]{43}");
    assertThat(made.header("location")).hasValue("/v1/organizations/" + made.text("id"));

    Tenant tenant = new Tenant(control, made.text("id"), made.text("api_key"));
    assertThat(tenant.get("/v1/sources").status()).isEqualTo(200);
    assertThat(
            control.number(
                "SELECT octet_length(hash) FROM api_keys WHERE organization_id = $1",
                tenant.uuid()))
        .isEqualTo(32);
  }

  @Test
  void theKeyIsShownAtTheCreationOnly() {
    Tenant tenant = control.tenant();
    Response shown = control.admin("GET", "/v1/organizations/" + tenant.id(), null);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.body().has("api_key")).isFalse();
    Response listed = control.admin("GET", "/v1/organizations", null);
    assertThat(listed.body().toString()).contains(tenant.id()).doesNotContain("usher_");
  }

  @Test
  void aDeletedOrganizationEndsWithAllThatItHas() {
    Tenant tenant = control.tenant();
    tenant.source();
    String endpoint = tenant.endpoint("*");
    tenant.delivery(tenant.event("invoice.purchase"), endpoint, null);

    String path = "/v1/organizations/" + tenant.id();
    assertThat(control.admin("DELETE", path, null).status()).isEqualTo(204);

    assertThat(control.admin("DELETE", path, null).status()).isEqualTo(404);
    assertThat(control.admin("GET", path, null).status()).isEqualTo(404);
    assertThat(tenant.get("/v1/sources").status()).isEqualTo(401);
    for (String table : new String[] {"api_keys", "subscriptions", "secrets"}) {
      assertThat(count(table, tenant.id(), "")).as(table).isZero();
    }
    assertThat(count("sources", tenant.id(), "AND deleted_at IS NULL")).isZero();
    assertThat(count("endpoints", tenant.id(), "AND deleted_at IS NULL")).isZero();
    await().untilAsserted(() -> assertThat(count("deliveries", tenant.id(), "")).isZero());
  }

  @Test
  void organizationsAreListedNewestFirst() {
    Tenant first = control.tenant();
    Tenant second = control.tenant();
    Response page = control.admin("GET", "/v1/organizations?limit=2", null);
    assertThat(page.body().findValuesAsText("id"))
        .containsExactlyInAnyOrder(second.id(), first.id())
        .isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(page.text("next")).isNotEmpty();
  }

  private long count(String table, String organization, String condition) {
    OrganizationId id = OrganizationId.parse(organization);
    return control.number(
        "SELECT count(*) FROM " + table + " WHERE organization_id = $1 " + condition,
        id == null ? null : id.value());
  }
}
