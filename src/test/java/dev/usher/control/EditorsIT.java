package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import dev.usher.testing.TestCertificate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two people who edit the same do not overwrite each other. */
@ExtendWith(ControlFixture.Extension.class)
class EditorsIT {
  private final ControlFixture control;
  private final Tenant tenant;
  private final List<String> both;

  EditorsIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
    this.both = List.of("/v1/sources/" + tenant.source(), "/v1/endpoints/" + tenant.endpoint("*"));
  }

  private Response call(String method, String path, @Nullable String body, String ifMatch) {
    return control.call(
        control.port(), method, path, tenant.key(), body, Map.of("If-Match", ifMatch));
  }

  private String etag(String path) {
    return tenant.get(path).header("etag").orElseThrow();
  }

  @Test
  void theSecondEditorIsToldThatTheFirstWasThere() {
    for (String path : both) {
      String seen = etag(path);
      assertThat(seen).matches("\"[0-9]+\"");
      Response first = call("PATCH", path, "{\"name\": \"First\"}", seen);
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.header("etag")).hasValue(etag(path));

      Response second = call("PATCH", path, "{\"name\": \"Second\"}", seen);

      assertThat(second.status()).isEqualTo(412);
      assertThat(second.text("code")).isEqualTo("precondition-failed");
      assertThat(second.header("etag")).hasValue(etag(path));
      assertThat(tenant.get(path).text("name")).isEqualTo("First");
      assertThat(call("PATCH", path, "{\"name\": \"Second\"}", etag(path)).status()).isEqualTo(200);
    }
  }

  @Test
  void everyChangeTakesTheCondition() {
    for (String path : both) {
      String seen = etag(path);
      tenant.patch(path, "{\"name\": \"Other\"}");
      assertThat(call("DELETE", path, null, seen).status()).isEqualTo(412);
      assertThat(call("POST", path + "/secret/rotate", "{}", seen).status()).isEqualTo(412);
    }
    String endpoint = both.getLast();
    String tls =
        Json.object().put("ca", TestCertificate.of("dns:editor.example").certificate()).toString();
    String first = etag(endpoint);
    assertThat(call("PUT", endpoint + "/tls", tls, first).status()).isEqualTo(200);
    assertThat(call("PUT", endpoint + "/tls", tls, first).status()).isEqualTo(412);
    assertThat(call("DELETE", endpoint + "/tls", null, first).status()).isEqualTo(412);
    assertThat(tenant.get(endpoint + "/tls").body().path("ca").isTextual()).isTrue();
    assertThat(call("DELETE", endpoint + "/tls", null, etag(endpoint)).status()).isEqualTo(204);
    String seen = etag(endpoint);
    assertThat(call("POST", endpoint + "/pause", null, seen).status()).isEqualTo(200);
    assertThat(call("POST", endpoint + "/activate", null, seen).status()).isEqualTo(412);
    assertThat(call("DELETE", endpoint, null, etag(endpoint)).status()).isEqualTo(204);
  }

  @Test
  void aRotatedSecretIsAChangeToo() {
    for (String path : both) {
      String seen = etag(path);
      tenant.post(path + "/secret/rotate", null);
      assertThat(call("PATCH", path, "{\"name\": \"N\"}", seen).status()).isEqualTo(412);
    }
  }

  @Test
  void whatChangesNothingKeepsTheTag() {
    for (String path : both) {
      String seen = etag(path);
      assertThat(tenant.patch(path, "{}").header("etag")).hasValue(seen);
      assertThat(etag(path)).isEqualTo(seen);
    }
  }

  @Test
  void whatWasMadeIsAnsweredWithItsTagAlsoWhenItIsRepeated() {
    Map<String, String> once = Map.of("Idempotency-Key", "e1");
    String source = "{\"name\": \"S\", \"scheme\": \"showpass\"}";
    Response made = tenant.post("/v1/sources", source, once);
    assertThat(made.header("etag")).hasValue(etag("/v1/sources/" + made.text("id")));
    assertThat(tenant.post("/v1/sources", source, once).header("etag"))
        .isEqualTo(made.header("etag"));
  }

  @Test
  void listsStarsAndWeakTagsAreReadAsHttpSays() {
    String path = both.getFirst();
    assertThat(call("PATCH", path, "{}", "*").status()).isEqualTo(200);
    assertThat(call("PATCH", path, "{}", "\"x\", " + etag(path)).status()).isEqualTo(200);
    assertThat(call("PATCH", path, "{}", "W/" + etag(path)).status()).isEqualTo(412);
    assertThat(call("PATCH", path, "{}", "\"\"").status()).isEqualTo(412);
    for (String wrong : List.of("7", "\"a", "", "*, \"a\"", "\"a\" \"b\"")) {
      Response refused = call("PATCH", path, "{}", wrong);
      assertThat(refused.status()).as(wrong).isEqualTo(400);
      assertThat(refused.body().path("errors").path(0).path("field").asText())
          .isEqualTo("If-Match");
    }
    assertThat(call("PATCH", "/v1/sources/src_" + "0".repeat(26), "{}", "*").status())
        .isEqualTo(404);
  }
}
