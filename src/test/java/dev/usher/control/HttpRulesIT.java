package dev.usher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.control.ControlFixture.Response;
import io.vertx.sqlclient.Pool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ControlFixture.Extension.class)
class HttpRulesIT {
  private final ControlFixture control;
  private final Tenant tenant;

  HttpRulesIT(ControlFixture control) {
    this.control = control;
    this.tenant = control.tenant();
  }

  @Test
  void unknownPathsAndWrongMethodsAreProblems() {
    for (String path : List.of("/v1", "/v1/", "/v1/nothing", "/v1/sources/a/b/c")) {
      Response missing = tenant.get(path);
      assertThat(missing.status()).as(path).isEqualTo(404);
      assertThat(missing.header("content-type")).hasValue("application/problem+json");
    }
    Response wrong = tenant.call("PUT", "/v1/sources", "{}");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("allow")).hasValue("POST, GET");
    assertThat(wrong.text("code")).isEqualTo("method-not-allowed");
    assertThat(wrong.text("type")).isEqualTo("urn:usher:problem:method-not-allowed");
    assertThat(wrong.body().path("status").asInt()).isEqualTo(405);
  }

  @Test
  void bodiesThatAreNotJsonAreRefusedWithoutQuotingThem() {
    for (String body :
        List.of(
            "secret",
            "{\"name\": \"a\", \"name\": \"b\"}",
            "{\"name\": \"a\"} x",
            "[]",
            "\"text\"",
            "null",
            "\uFEFF{}",
            "{\"name\": \"\u0001\"}",
            "[".repeat(5_000),
            "{\"a\":".repeat(40) + "1" + "}".repeat(40),
            "{\"name\": " + "9".repeat(1_000) + "}")) {
      Response refused = tenant.post("/v1/sources", body);
      assertThat(refused.status()).as(body).isEqualTo(400);
      assertThat(refused.text("code")).as(body).isEqualTo("invalid-json");
      assertThat(refused.http().body()).doesNotContain("secret");
    }
  }

  @Test
  void onlyPlainJsonIsTaken() {
    for (String type :
        List.of(
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "application/json; charset=latin1")) {
      Response refused = tenant.post("/v1/sources", "{}", Map.of("content-type", type));
      assertThat(refused.status()).as(type).isEqualTo(415);
    }
    assertThat(tenant.post("/v1/sources", "{}", Map.of("content-encoding", "gzip")).status())
        .isEqualTo(415);
    for (String type :
        List.of(
            "application/json",
            "Application/JSON; charset=UTF-8",
            "application/merge-patch+json")) {
      assertThat(tenant.post("/v1/sources", "{}", Map.of("content-type", type)).status())
          .as(type)
          .isEqualTo(400);
    }
  }

  @Test
  void aBodyOverTheLimitIsRefused() {
    Response refused = tenant.post("/v1/sources", " ".repeat(256 * 1024) + "{}");
    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.text("code")).isEqualTo("body-too-large");
  }

  @Test
  void aStrangersBodyIsNotWaitedFor() throws IOException {
    assertThat(raw("POST /v1/sources", "nobody", "content-length: 100000"))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void whatIsNotCorrectlyEncodedIsRefused() throws IOException {
    assertThat(raw("GET /v1/sources?limit=%zz", tenant.key(), "connection: close"))
        .startsWith("HTTP/1.1 400 ")
        .contains("application/problem+json");
    assertThat(raw("GET /v1/sources/%zz", tenant.key(), "connection: close"))
        .startsWith("HTTP/1.1 4")
        .contains("application/problem+json");
  }

  /** What the server sends until it closes the connection. */
  private String raw(String requestLine, String key, String header) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), control.port())) {
      socket.setSoTimeout(10_000);
      String head =
          "%s HTTP/1.1\r\nhost: x\r\nauthorization: Bearer %s\r\n%s\r\n\r\n"
              .formatted(requestLine, key, header);
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void theDescriptionIsShownToEverybody() {
    String path = "/v1/openapi.json";
    Response shown = control.call(control.port(), "GET", path, null, null, Map.of());
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.header("content-type")).hasValue("application/json");
    assertThat(shown.body()).isEqualTo(new ApiDescription().document());
    Response wrong = control.call(control.port(), "POST", path, null, "{}", Map.of());
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.header("allow")).hasValue("GET");
  }

  @Test
  void allFaultsOfACallAreToldAtOnceWhoeverFindsThem() {
    String body =
        """
        {"name": "", "url": "https://10.0.0.1/", "events": ["*"], "headers": {"Host": "x"},
         "timeout": "31s", "concurrency": 0}\
        """;
    Response refused =
        tenant.post("/v1/endpoints?colour=red", body, Map.of("Idempotency-Key", "x".repeat(256)));
    assertThat(refused.body().path("errors").findValuesAsText("field"))
        .containsExactlyInAnyOrder(
            "Idempotency-Key", "colour", "name", "url", "headers.Host", "timeout", "concurrency");
  }

  @Test
  void aCallThatReadsNothingIsNotRunWithAFault() {
    String path = "/v1/endpoints/" + tenant.endpoint("*");
    assertThat(tenant.post(path + "/pause", "{\"why\": 1}").status()).isEqualTo(400);
    assertThat(tenant.delete(path + "?colour=red").status()).isEqualTo(400);
    assertThat(tenant.get(path).text("status")).isEqualTo("active");
  }

  @Test
  void answersAreNeverCached() {
    assertThat(tenant.get("/v1/sources").header("cache-control")).hasValue("no-store");
  }

  @Test
  void whatAttacksPagesAndLogsIsStoredAndShownHarmlessly() {
    String name = "<script>alert(1)</script>'; DROP TABLE sources; -- ${jndi:ldap://x} \u202Eab";
    String body = "{\"name\": \"" + name + "\", \"scheme\": \"showpass\"}";
    Response made = tenant.post("/v1/sources", body);
    assertThat(made.status()).isEqualTo(201);
    assertThat(tenant.get("/v1/sources/" + made.text("id")).text("name")).isEqualTo(name);
    assertThat(tenant.post("/v1/sources", body.replace("1)", "\\n")).status()).isEqualTo(400);
  }

  @Test
  void withoutPostgresCallersAreToldToComeBack() throws IOException, TimeoutException {
    int nobodysPort;
    try (ServerSocket free = new ServerSocket(0)) {
      nobodysPort = free.getLocalPort();
    }
    Pool away = control.pool(nobodysPort);
    int port = control.serve(away);
    Response refused = control.call(port, "GET", "/v1/sources", tenant.key(), null, Map.of());
    assertThat(refused.status()).isEqualTo(503);
    assertThat(refused.header("retry-after")).hasValue("2");
    assertThat(refused.text("code")).isEqualTo("unavailable");
  }

  @Test
  void aFailureOfOursTellsAReferenceAndNothingElse() {
    String endpoint = tenant.endpoint("*");
    control.sql(
        "UPDATE secrets SET ciphertext = 'broken' WHERE owner_id = $1",
        Tenant.endpointUuid(endpoint));
    Response failed = tenant.get("/v1/endpoints/" + endpoint + "/secret");
    assertThat(failed.status()).isEqualTo(500);
    assertThat(failed.text("detail")).contains("reference");
    assertThat(failed.http().body()).doesNotContain("Exception").doesNotContain("Base64");
  }
}
