package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestCertificate;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestProxy;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import dev.usher.testing.TlsReceiver;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** How deliveries reach their endpoints: TLS, certificates on both sides, HTTP/2, a proxy. */
@ExtendWith(EmbeddedStoresExtension.class)
class ConnectionsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final List<HttpVersion> BOTH = List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
  private static final List<HttpVersion> OLD = List.of(HttpVersion.HTTP_1_1);
  private static final TestCertificate LOCAL = TestCertificate.of("dns:localhost,ip:127.0.0.1");

  private final TestStores stores;
  @TempDir private Path directory;

  ConnectionsIT(TestStores stores) {
    this.stores = stores;
  }

  /** A gateway that trusts the test's own certificate. */
  private TestGateway trusting(TestCertificate authority, Map<String, String> more)
      throws IOException {
    return trusting(authority.certificate(), more);
  }

  private TestGateway trusting(String authority, Map<String, String> more) throws IOException {
    Path file = Files.writeString(directory.resolve("ca.pem"), authority);
    Map<String, String> settings = new java.util.HashMap<>(more);
    settings.put("USHER_DELIVERY_CA_FILE", file.toString());
    return TestGateway.start(stores, settings);
  }

  private static JsonObject never() {
    return new JsonObject().put("retry_schedule", new JsonArray().add("24h"));
  }

  private static JsonObject test(TestGateway gateway, TestSource source, JsonObject endpoint) {
    HttpResponse<String> answer =
        gateway.call(
            "POST",
            "/v1/endpoints/" + endpoint.getString("id") + "/test",
            source.apiKey(),
            new JsonObject());
    assertThat(answer.statusCode()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void http2IsSpokenWhereTheEndpointOffersItOverFewConnections() throws IOException {
    try (TestGateway gateway = trusting(LOCAL, Map.of());
        TlsReceiver modern = new TlsReceiver(LOCAL, BOTH, null);
        TlsReceiver old = new TlsReceiver(LOCAL, OLD, null)) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, "https://127.0.0.1:" + modern.port() + "/");
      gateway.newEndpoint(source, "https://localhost:" + old.port() + "/");
      for (int i = 0; i < 50; i++) {
        source.send(TestSource.newPayload());
      }
      await()
          .atMost(PATIENCE)
          .until(() -> modern.received().size() == 50 && old.received().size() == 50);
      assertThat(modern.received()).containsOnly(HttpVersion.HTTP_2);
      assertThat(old.received()).containsOnly(HttpVersion.HTTP_1_1);
      assertThat(modern.connections()).isLessThan(50);
    }
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefusedUnlessTheEndpointBringsItsOwn() {
    try (TestGateway gateway = TestGateway.start(stores);
        TlsReceiver receiver = new TlsReceiver(LOCAL, BOTH, null)) {
      TestSource source = gateway.newSource();
      JsonObject endpoint =
          gateway.newEndpoint(source, "https://127.0.0.1:" + receiver.port() + "/", never());
      JsonObject refused = test(gateway, source, endpoint);
      assertThat(refused.getString("outcome")).isEqualTo("connect_error");
      assertThat(refused.getString("error"))
          .startsWith(
              "the endpoint's certificate is not accepted: nobody whom we trust vouches for it;"
                  + " is it self-signed");
      put(gateway, source, endpoint, new JsonObject().put("ca", LOCAL.certificate()));
      assertThat(test(gateway, source, endpoint).getString("status")).isEqualTo("succeeded");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefusedAlthoughItsAuthorityIsTrusted() throws IOException {
    TestCertificate other = TestCertificate.of("dns:other.example");
    try (TestGateway gateway = trusting(other, Map.of());
        TlsReceiver receiver = new TlsReceiver(other, BOTH, null)) {
      TestSource source = gateway.newSource();
      JsonObject endpoint =
          gateway.newEndpoint(source, "https://127.0.0.1:" + receiver.port() + "/", never());
      JsonObject refused = test(gateway, source, endpoint);
      assertThat(refused.getString("error"))
          .startsWith("the endpoint's certificate is not accepted: it is for another name")
          .contains("127.0.0.1");
      assertThat(receiver.received()).isEmpty();
    }
  }

  @Test
  void aCertificateThatHasExpiredIsRefusedAlthoughItsAuthorityIsTrusted() throws IOException {
    TestCertificate.Issued expired = TestCertificate.expired("dns:localhost,ip:127.0.0.1");
    try (TestGateway gateway = trusting(expired.authority(), Map.of());
        TlsReceiver receiver = new TlsReceiver(expired.certificate(), BOTH, null)) {
      TestSource source = gateway.newSource();
      JsonObject endpoint =
          gateway.newEndpoint(source, "https://127.0.0.1:" + receiver.port() + "/", never());
      JsonObject refused = test(gateway, source, endpoint);
      assertThat(refused.getString("outcome")).isEqualTo("connect_error");
      assertThat(refused.getString("error"))
          .startsWith("the endpoint's certificate is not accepted: it has expired");
      assertThat(receiver.received()).isEmpty();
    }
  }

  @Test
  void anEndpointThatAsksForACertificateGetsTheOneThatIsSetForIt() throws IOException {
    TestCertificate ours = TestCertificate.of("dns:usher");
    try (TestGateway gateway = trusting(LOCAL, Map.of());
        TlsReceiver receiver = new TlsReceiver(LOCAL, BOTH, ours)) {
      TestSource source = gateway.newSource();
      String url = "https://127.0.0.1:" + receiver.port() + "/";
      JsonObject without = gateway.newEndpoint(source, url, never());
      JsonObject with = gateway.newEndpoint(source, url, never());
      JsonObject set =
          put(
              gateway,
              source,
              with,
              new JsonObject().put("certificate", ours.certificate()).put("key", ours.key()));
      assertThat(set.getString("expires_at")).endsWith("Z");
      assertThat(set.encode()).doesNotContain("PRIVATE");
      assertThat(test(gateway, source, with).getString("status")).isEqualTo("succeeded");
      JsonObject refused = test(gateway, source, without);
      assertThat(refused.getString("status")).isEqualTo("failed");
      assertThat(refused.getString("error")).isNotBlank();

      String path = "/v1/endpoints/" + with.getString("id") + "/tls";
      assertThat(gateway.get(path, source.apiKey()).encode()).doesNotContain("PRIVATE");
      assertThat(gateway.call("DELETE", path, source.apiKey(), new JsonObject()).statusCode())
          .isEqualTo(204);
      assertThat(test(gateway, source, with).getString("status")).isEqualTo("failed");
    }
  }

  private static JsonObject put(
      TestGateway gateway, TestSource source, JsonObject endpoint, JsonObject tls) {
    HttpResponse<String> answer =
        gateway.call(
            "PUT", "/v1/endpoints/" + endpoint.getString("id") + "/tls", source.apiKey(), tls);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return new JsonObject(answer.body());
  }

  @Test
  void deliveriesGoThroughTheProxyToTheAddressThatWasChecked() throws IOException {
    TestCertificate there = TestCertificate.of("ip:93.184.215.14");
    try (TlsReceiver receiver = new TlsReceiver(there, BOTH, null);
        TestReceiver inside = new TestReceiver();
        TestProxy proxy = new TestProxy(receiver.port());
        TestGateway gateway =
            trusting(
                there,
                Map.of("USHER_DELIVERY_PROXY", "http://usher:sesame@127.0.0.1:" + proxy.port()))) {
      TestSource source = gateway.newSource();
      JsonObject endpoint = gateway.newEndpoint(source, "https://93.184.215.14/hook", never());
      assertThat(test(gateway, source, endpoint).getString("status")).isEqualTo("succeeded");
      assertThat(proxy.asked().getFirst())
          .startsWith("CONNECT 93.184.215.14:443 HTTP/1.1\r\n")
          .containsIgnoringCase("proxy-authorization: basic ");
      assertThat(receiver.received()).containsExactly(HttpVersion.HTTP_2);

      JsonObject direct = gateway.newEndpoint(source, inside.url(), never());
      assertThat(test(gateway, source, direct).getString("status")).isEqualTo("succeeded");
      assertThat(proxy.asked()).hasSize(1);
      assertThat(
              gateway
                  .call(
                      "POST",
                      "/v1/endpoints",
                      source.apiKey(),
                      new JsonObject()
                          .put("name", "e")
                          .put("url", "https://10.0.0.1/")
                          .put("events", new JsonArray().add("*")))
                  .statusCode())
          .isEqualTo(400);
    }
  }

  @Test
  void aProxyThatRefusesIsNamedInTheAttemptsError() {
    try (TestProxy proxy = new TestProxy(1);
        TestGateway gateway =
            TestGateway.start(
                stores, Map.of("USHER_DELIVERY_PROXY", "http://127.0.0.1:" + proxy.port()))) {
      proxy.answers("403 Forbidden");
      TestSource source = gateway.newSource();
      JsonObject endpoint = gateway.newEndpoint(source, "https://93.184.215.14/hook", never());
      assertThat(test(gateway, source, endpoint).getString("error"))
          .startsWith("the outgoing proxy made no connection")
          .contains("403");
    }
  }
}
