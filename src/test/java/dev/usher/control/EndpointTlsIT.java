package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.ControlFixture.Response;
import dev.usher.testing.TestCertificate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class EndpointTlsIT {
  private static final TestCertificate ONE = TestCertificate.of("dns:one.example");
  private static final TestCertificate OTHER = TestCertificate.of("dns:other.example");

  private final ControlFixture control;
  private final Tenant tenant;
  private final String path;

  EndpointTlsIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
    this.path = "/v1/endpoints/" + tenant.endpoint("*") + "/tls";
  }

  private static ObjectNode body() {
    return new ObjectMapper().createObjectNode();
  }

  private void assertRefused(ObjectNode body, String field) {
    Response refused = tenant.call("PUT", path, body.toString());
    assertThat(refused.status()).as(body.toString()).isEqualTo(400);
    assertThat(refused.body().path("errors").findValuesAsText("field")).contains(field);
    assertThat(refused.http().body()).doesNotContain("PRIVATE");
  }

  @Test
  void whatCannotWorkIsRefusedAndNeverShown() {
    assertRefused(body(), "ca");
    assertRefused(body().put("ca", "no certificate"), "ca");
    assertRefused(body().put("ca", 7), "ca");
    assertRefused(body().put("certificate", ONE.certificate()), "key");
    assertRefused(body().put("key", ONE.key()), "certificate");
    assertRefused(body().put("certificate", ONE.certificate()).put("key", "secret"), "key");
    assertRefused(body().put("certificate", ONE.certificate()).put("key", OTHER.key()), "key");
    assertRefused(body().put("ca", ONE.certificate()).put("cert", "x"), "cert");
  }

  @Test
  void itIsReplacedWholeAndTheKeyIsKeptEncryptedOnly() {
    ObjectNode all =
        body()
            .put("ca", OTHER.certificate())
            .put("certificate", ONE.certificate())
            .put("key", ONE.key());
    assertThat(tenant.call("PUT", path, all.toString()).status()).isEqualTo(200);
    Response shown = tenant.get(path);
    assertThat(shown.text("ca")).isEqualTo(OTHER.certificate());
    assertThat(shown.text("certificate")).isEqualTo(ONE.certificate());
    assertThat(shown.body().has("key")).isFalse();
    String stored =
        new String(
            control
                .sql("SELECT tls_key FROM endpoints WHERE organization_id = $1", tenant.uuid())
                .iterator()
                .next()
                .getBuffer(0)
                .getBytes(),
            java.nio.charset.StandardCharsets.ISO_8859_1);
    assertThat(stored).isNotEqualTo(ONE.key());

    tenant.call("PUT", path, body().put("ca", ONE.certificate()).toString());
    assertThat(tenant.get(path).body().path("certificate").isNull()).isTrue();
    assertThat(tenant.delete(path).status()).isEqualTo(204);
    assertThat(tenant.get(path).body().path("ca").isNull()).isTrue();
  }

  @Test
  void anotherTenantsEndpointDoesNotExist() {
    Tenant other = control.tenant();
    assertThat(other.get(path).status()).isEqualTo(404);
    assertThat(other.delete(path).status()).isEqualTo(404);
    assertThat(other.call("PUT", path, body().put("ca", ONE.certificate()).toString()).status())
        .isEqualTo(404);
  }
}
