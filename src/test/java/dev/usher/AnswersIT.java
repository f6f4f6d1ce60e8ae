package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.RawHttp;
import dev.usher.testing.Sql;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the table of answers at the public door, over real HTTP. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnswersIT {
  private final TestStores stores;
  private TestGateway gateway;
  private TestSource source;

  AnswersIT(TestStores stores) {
    this.stores = stores;
    this.gateway = TestGateway.start(stores);
    this.source = gateway.newSource();
  }

  @BeforeAll
  void warm() {
    assertThat(source.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
  }

  @AfterAll
  void stop() {
    gateway.close();
  }

  @Test
  void anEventIsAcceptedAndWrittenDownAsReceived() {
    JsonObject payload = TestSource.newPayload();
    HttpResponse<String> answer = source.send(payload);
    assertThat(answer.statusCode()).isEqualTo(202);
    JsonObject body = new JsonObject(answer.body());
    assertThat(body.getString("status")).isEqualTo("accepted");
    assertThat(body.getString("id")).matches("evt_[0-7][0-9a-hjkmnp-tv-z]{25}");
    JsonObject event = gateway.get("/v1/events/" + body.getString("id"), source.apiKey());
    assertThat(event.getJsonObject("payload")).isEqualTo(payload);
    assertThat(event.getString("type")).isEqualTo("invoice.purchase");
  }

  @Test
  void aRepeatedEventIsAnsweredWithTheFirstOnesId() {
    JsonObject payload = TestSource.newPayload();
    String first = new JsonObject(source.send(payload).body()).getString("id");
    HttpResponse<String> second = source.send(payload);
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(second.body()))
        .isEqualTo(new JsonObject().put("id", first).put("status", "duplicate"));
    stores.flushRedis();
    HttpResponse<String> third = source.send(payload);
    assertThat(third.statusCode()).isEqualTo(200);
    assertThat(new JsonObject(third.body()).getString("id")).isEqualTo(first);
  }

  @Test
  void aKeySeenBeforeWithAnotherBodyIsAConflictWithAndWithoutRedis() {
    JsonObject payload = TestSource.newPayload();
    source.send(payload);
    JsonObject other = payload.copy().put("data", new JsonObject().put("forged", true));
    assertProblem(source.send(other), 409, "idempotency-conflict");
    stores.flushRedis();
    assertProblem(source.send(other), 409, "idempotency-conflict");
  }

  static Stream<String> malformedBodies() {
    String rest = "\"event_type\":\"t\",\"webhook_event_uuid\":\"u\"";
    return Stream.of(
        "",
        "[]",
        "\"text\"",
        "null",
        "{",
        "{\"id\":\"a\"," + rest + "} {}",
        "{\"id\":\"a\",\"id\":\"a\"," + rest + "}",
        "{\"id\":\"a\",\"\\u0069d\":\"b\"," + rest + "}",
        "{\"data\":{\"id\":\"a\"}," + rest + "}",
        "{\"id\":1," + rest + "}",
        "{\"id\":null," + rest + "}",
        "{\"id\":{\"id\":\"a\"}," + rest + "}",
        "{\"id\":\"\"," + rest + "}",
        "{\"id\":\"a\",\"event_type\":\"t\"}",
        "{\"id\":\"a\",\"event_type\":7,\"webhook_event_uuid\":\"u\"}",
        "{\"id\":\"a\",\"webhook_event_uuid\":\"u\"}",
        "\uFEFF{\"id\":\"a\"," + rest + "}",
        "{\"id\":\"a\\ud800\"," + rest + "}",
        "{\"id\":\"a\"," + rest + ",\"n\":" + "9".repeat(5_000) + "}",
        "{\"id\":\"a\"," + rest + ",\"d\":" + "[".repeat(500) + "]".repeat(500) + "}");
  }

  @ParameterizedTest
  @MethodSource("malformedBodies")
  void aBodyThatCouldBeReadInTwoWaysIsMalformed(String body) {
    assertProblem(TestGateway.send(source.signed("a", body).build()), 400, "malformed");
  }

  @Test
  void bytesThatAreNotUtf8AreMalformed() {
    byte[] body =
        "{\"id\":\"a\",\"event_type\":\"t\",\"webhook_event_uuid\":\"u\",\"d\":\"?\"}"
            .getBytes(StandardCharsets.US_ASCII);
    body[body.length - 3] = (byte) 0xFF;
    HttpRequest request = source.signed("a", "").POST(BodyPublishers.ofByteArray(body)).build();
    assertProblem(TestGateway.send(request), 400, "malformed");
  }

  @Test
  void aRepeatedSignatureHeaderIsMalformed() {
    JsonObject payload = TestSource.newPayload();
    HttpRequest request =
        source
            .signed(payload.getString("id"), payload.encode())
            .header("X-SHOWPASS-SIGNATURE", "0000")
            .build();
    assertProblem(TestGateway.send(request), 400, "malformed");
  }

  @Test
  void aWrongAMissingSignatureAndAnUnknownSourceGetTheSameAnswer() {
    JsonObject payload = TestSource.newPayload();
    HttpResponse<String> wrong =
        TestGateway.send(source.signed("another id", payload.encode()).build());
    HttpResponse<String> missing =
        TestGateway.send(
            HttpRequest.newBuilder(gateway.ingress(source.path()))
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(payload.encode()))
                .build());
    HttpResponse<String> unknown =
        TestGateway.send(
            source
                .signed(
                    gateway.ingress("/in/src_00000000000000000000000000"),
                    payload.getString("id"),
                    payload.encode())
                .build());
    for (HttpResponse<String> answer : List.of(wrong, missing, unknown)) {
      assertProblem(answer, 401, "unauthenticated");
      assertThat(answer.body()).isEqualTo(wrong.body());
    }
  }

  @Test
  void anAddressOutsideTheAllowlistIsForbidden() {
    TestSource elsewhere =
        gateway.newSource(
            new JsonObject()
                .put("name", "door")
                .put("scheme", "showpass")
                .put("allowed_networks", new JsonArray().add("192.0.2.0/24")));
    assertProblem(elsewhere.send(TestSource.newPayload()), 403, "address-not-allowed");
    TestSource here =
        gateway.newSource(
            new JsonObject()
                .put("name", "door")
                .put("scheme", "showpass")
                .put("allowed_networks", new JsonArray().add("127.0.0.0/8")));
    assertThat(here.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
  }

  @Test
  void onlyPostIsAllowed() {
    HttpResponse<String> answer =
        TestGateway.send(HttpRequest.newBuilder(gateway.ingress(source.path())).GET().build());
    assertProblem(answer, 405, "method-not-allowed");
    assertThat(answer.headers().firstValue("allow")).contains("POST");
  }

  @Test
  void otherPathsDoNotExist() {
    assertProblem(
        TestGateway.send(
            HttpRequest.newBuilder(gateway.ingress("/v1/events"))
                .POST(BodyPublishers.ofString("{}"))
                .build()),
        404,
        "not-found");
  }

  @Test
  void aBodyOverTheLimitIsTooLargeWhetherItsLengthIsToldOrNot() {
    String body = "{\"id\":\"" + "a".repeat(1 << 20) + "\"}";
    assertThat(
            RawHttp.exchange(
                gateway.ingress(source.path()),
                "Content-Type: application/json\r\nContent-Length: 1048577\r\n\r\n"))
        .startsWith("HTTP/1.1 413 ");
    HttpRequest chunked =
        source
            .signed("a", "")
            .POST(
                BodyPublishers.ofInputStream(
                    () -> new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8))))
            .build();
    assertProblem(TestGateway.send(chunked), 413, "body-too-large");
  }

  @Test
  void aCompressedBodyAndAnotherContentTypeAreUnsupported() {
    JsonObject payload = TestSource.newPayload();
    HttpRequest.Builder compressed =
        source.signed(payload.getString("id"), payload.encode()).header("content-encoding", "gzip");
    assertProblem(TestGateway.send(compressed.build()), 415, "compressed");
    HttpRequest.Builder form =
        source
            .signed(payload.getString("id"), payload.encode())
            .setHeader("content-type", "application/x-www-form-urlencoded");
    assertProblem(TestGateway.send(form.build()), 415, "unsupported-media-type");
  }

  @Test
  void headersOverTheLimitAreTooLarge() {
    String answer =
        RawHttp.exchange(
            gateway.ingress(source.path()), "X-Long: " + "a".repeat(9_000) + "\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 431 ").contains("headers-too-large");
  }

  static Stream<String> ambiguousHeads() {
    return Stream.of(
        "Host: a\r\nContent-Length: 0\r\n\r\n", // beside the one that is there
        "Transfer-Encoding: gzip\r\n\r\n",
        "Transfer-Encoding: xchunked\r\n\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("ambiguousHeads")
  void aRequestThatTwoServersCouldReadDifferentlyIsRefusedAndItsConnectionClosed(String head) {
    String answer =
        RawHttp.exchange(
            gateway.ingress(source.path()), "Content-Type: application/json\r\n" + head);
    assertThat(answer).startsWith("HTTP/1.1 400 ").containsIgnoringCase("connection: close");
  }

  static Stream<String> ambiguousRequests() {
    return Stream.of(
        "POST {path} HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST {path} HTTP/1.0\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST {path} HTTP/1.0\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n",
        "POST {path} HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length : 0\r\n\r\n",
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na",
        "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n");
  }

  @ParameterizedTest
  @MethodSource("ambiguousRequests")
  void oldVersionsAndBrokenFramingAreRefusedToo(String request) {
    String answer = RawHttp.send(gateway.ingress("/"), request.replace("{path}", source.path()));
    assertThat(answer).containsPattern("^HTTP/1\\.[01] 400 ");
  }

  @Test
  void aBodyThatNeverEndsIsGivenUp() {
    try (TestGateway impatient =
        TestGateway.start(stores, Map.of("USHER_INGRESS_BODY_DEADLINE", "1s"))) {
      String answer =
          RawHttp.exchange(
              impatient.ingress(source.path()),
              "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{");
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("body-timeout");
    }
  }

  @Test
  void aSourceOverItsOwnLimitIsToldToComeAgainAndForgedRequestsDoNotCount() {
    TestSource limited =
        gateway.newSource(
            new JsonObject().put("name", "door").put("scheme", "showpass").put("rate_limit", 1));
    for (int i = 0; i < 20; i++) {
      JsonObject forged = TestSource.newPayload();
      TestGateway.send(limited.signed("another id", forged.encode()).build());
    }
    assertThat(limited.send(TestSource.newPayload()).statusCode()).isEqualTo(202);
    HttpResponse<String> refused =
        await()
            .atMost(Duration.ofSeconds(10))
            .until(
                () -> limited.send(TestSource.newPayload()), answer -> answer.statusCode() == 429);
    assertProblem(refused, 429, "rate-limited");
    assertThat(refused.headers().firstValue("retry-after")).isPresent();
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> limited.send(TestSource.newPayload()).statusCode() == 202);
  }

  @Test
  void moreThanCanBeWrittenDownIsRefusedAtOnceAndTakenWhenItIsSentAgain() throws Exception {
    Map<String, String> tiny =
        Map.of("USHER_JOURNAL_MAX_EVENTS", "1", "USHER_JOURNAL_BUFFERED_EVENTS", "1");
    try (TestGateway small = TestGateway.start(stores, tiny);
        ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
      TestSource own = small.newSource();
      List<JsonObject> payloads = Stream.generate(TestSource::newPayload).limit(100).toList();
      List<Future<HttpResponse<String>>> sent =
          payloads.stream().map(payload -> senders.submit(() -> own.send(payload))).toList();
      int overloaded = 0;
      for (int i = 0; i < sent.size(); i++) {
        HttpResponse<String> answer = sent.get(i).get();
        if (answer.statusCode() == 503) {
          overloaded++;
          assertProblem(answer, 503, "overloaded");
          assertThat(answer.headers().firstValue("retry-after")).isPresent();
          assertThat(own.send(payloads.get(i)).statusCode()).isIn(202, 503);
        } else {
          assertThat(answer.statusCode()).isEqualTo(202);
        }
      }
      assertThat(overloaded).isPositive();
    }
  }

  @Test
  void whatIsRefusedLeavesNothingBehind() {
    String before = count();
    JsonObject payload = TestSource.newPayload();
    TestGateway.send(source.signed("forged", payload.encode()).build());
    TestGateway.send(source.signed("a", "{\"id\":\"a\"}").build());
    assertThat(count()).isEqualTo(before);
    assertThat(source.send(payload).statusCode()).isEqualTo(202);
  }

  private String count() {
    return String.valueOf(
        Sql.value(
            stores.postgresUri(),
            "SELECT (SELECT count(*) FROM events) + (SELECT count(*) FROM idempotency_keys)"));
  }

  private static void assertProblem(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(answer.body());
    assertThat(problem.getString("code")).isEqualTo(code);
    assertThat(problem.getInteger("status")).isEqualTo(status);
    assertThat(problem.getString("detail")).isNotBlank();
  }
}
