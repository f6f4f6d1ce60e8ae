package dev.usher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import dev.usher.crypto.ShowpassSigner;
import dev.usher.testing.CapturedLog;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.OtlpCollector;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestReceiver.Received;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a collector gets to see of an event's way, and what it never gets to see. */
@ExtendWith(EmbeddedStoresExtension.class)
class TracingIT {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SENDERS_SPAN = "00f067aa0ba902b7";
  private static final String SENDERS = "00-" + TRACE + "-" + SENDERS_SPAN + "-01";

  private final TestStores stores;
  private final OtlpCollector collector = new OtlpCollector();
  private final TestReceiver receiver = new TestReceiver();

  TracingIT(TestStores stores) {
    this.stores = stores;
  }

  @AfterEach
  void close() {
    receiver.close();
    collector.close();
  }

  private TestGateway traced() {
    return TestGateway.start(stores, Map.of("USHER_TRACING_OTLP_ENDPOINT", collector.url()));
  }

  private static String send(TestSource source, JsonObject payload, String... headers) {
    HttpResponse<String> answer = TestGateway.send(request(source, payload, headers).build());
    assertThat(answer.statusCode()).isEqualTo(202);
    return new JsonObject(answer.body()).getString("id");
  }

  private static HttpRequest.Builder request(
      TestSource source, JsonObject payload, String... headers) {
    HttpRequest.Builder request = source.signed(payload.getString("id"), payload.encode());
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static String hex(ByteString id) {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  private static String attribute(Span span, String key) {
    return span.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(KeyValue::getValue)
        .map(value -> value.hasIntValue() ? "" + value.getIntValue() : value.getStringValue())
        .findFirst()
        .orElse("");
  }

  private List<Span> ofEvent(String id, String name, int number) {
    return collector.await(
        number,
        span -> span.getName().equals(name) && attribute(span, "usher.event.id").equals(id));
  }

  private Span accepted(String id) {
    return ofEvent(id, "POST /in/{source}", 1).getFirst();
  }

  private static String asParent(Span span) {
    return "00-" + hex(span.getTraceId()) + "-" + hex(span.getSpanId()) + "-01";
  }

  @Test
  void oneTraceLeadsFromTheSenderOverARetryAndARestartToTheLastAttempt() {
    String id;
    try (TestGateway first = traced()) {
      TestSource source = first.newSource();
      first.newEndpoint(
          source,
          receiver.url(),
          new JsonObject().put("retry_schedule", new JsonArray().add("1s").add("6s").add("6s")));
      receiver.answers(500);
      id =
          send(
              source, TestSource.newPayload(), "traceparent", SENDERS, "tracestate", "vendor=seat");
      receiver.awaitReceived(2);
    }
    receiver.answers(200);
    try (TestGateway _ = traced()) {
      receiver.awaitReceived(3);
      Span accepted = accepted(id);
      assertThat(hex(accepted.getTraceId())).isEqualTo(TRACE);
      assertThat(hex(accepted.getParentSpanId())).isEqualTo(SENDERS_SPAN);
      assertThat(accepted.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_SERVER);
      assertThat(attribute(accepted, "usher.outcome")).isEqualTo("accepted");
      assertThat(attribute(accepted, "http.response.status_code")).isEqualTo("202");
      List<Span> attempts = ofEvent(id, "attempt", 3);
      assertThat(attempts)
          .allSatisfy(
              attempt -> {
                assertThat(attempt.getTraceId()).isEqualTo(accepted.getTraceId());
                assertThat(attempt.getParentSpanId()).isEqualTo(accepted.getSpanId());
                assertThat(attempt.getKind()).isEqualTo(Span.SpanKind.SPAN_KIND_CLIENT);
              });
      assertThat(attempts)
          .extracting(
              attempt -> attribute(attempt, "usher.attempt"),
              attempt -> attribute(attempt, "usher.outcome"),
              attempt -> attribute(attempt, "http.response.status_code"),
              attempt -> attempt.getStatus().getCode() == StatusCode.STATUS_CODE_ERROR)
          .containsExactly(
              tuple("1", "http_error", "500", true),
              tuple("2", "http_error", "500", true),
              tuple("3", "succeeded", "200", false));
      assertThat(receiver.received())
          .extracting(request -> request.headers().get("traceparent"))
          .containsExactlyElementsOf(attempts.stream().map(TracingIT::asParent).toList());
      assertThat(receiver.received())
          .extracting(request -> request.headers().get("tracestate"))
          .containsOnly("vendor=seat");
    }
  }

  @Test
  void aCommitIsLinkedWithTheTracesOfItsEventsAndTheyWithIt() {
    try (TestGateway gateway = traced()) {
      Span accepted = accepted(send(gateway.newSource(), TestSource.newPayload()));
      assertThat(accepted.getParentSpanId()).isEmpty();
      Span step =
          collector
              .await(
                  1,
                  span ->
                      span.getName().equals("journal")
                          && span.getParentSpanId().equals(accepted.getSpanId()))
              .getFirst();
      Span commit =
          collector
              .await(
                  1,
                  span ->
                      span.getName().equals("commit")
                          && span.getLinksList().stream()
                              .anyMatch(link -> link.getSpanId().equals(accepted.getSpanId())))
              .getFirst();
      assertThat(commit.getParentSpanId()).isEmpty();
      assertThat(commit.getLinks(0).getTraceId()).isEqualTo(accepted.getTraceId());
      assertThat(step.getTraceId()).isEqualTo(accepted.getTraceId());
      assertThat(step.getLinks(0).getSpanId()).isEqualTo(commit.getSpanId());
      assertThat(attribute(commit, "usher.batch.events")).isEqualTo("1");
    }
  }

  @Test
  void aTraceThatTheSenderDoesNotKeepIsPassedOnAndNotSent() {
    try (TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url());
      send(source, TestSource.newPayload(), "traceparent", SENDERS.replace("-01", "-00"));
      Received request = receiver.awaitReceived(1).getFirst();
      assertThat(request.headers().get("traceparent"))
          .startsWith("00-" + TRACE + "-")
          .endsWith("-00");
      accepted(send(source, TestSource.newPayload())); // after which the first would have come
      assertThat(collector.spans()).noneMatch(span -> hex(span.getTraceId()).equals(TRACE));
    }
  }

  @Test
  void strangersLeaveNoTrace() {
    try (TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      JsonObject payload = TestSource.newPayload();
      HttpRequest forged =
          HttpRequest.newBuilder(gateway.ingress(source.path()))
              .header("content-type", "application/json")
              .header("X-SHOWPASS-SIGNATURE", "00".repeat(20))
              .header("traceparent", SENDERS)
              .POST(HttpRequest.BodyPublishers.ofString(payload.encode()))
              .build();
      assertThat(TestGateway.send(forged).statusCode()).isEqualTo(401);
      accepted(send(source, TestSource.newPayload()));
      assertThat(collector.spans()).noneMatch(span -> hex(span.getTraceId()).equals(TRACE));
    }
  }

  @Test
  void aPublishedEventGoesOnInTheTraceOfItsCall() {
    try (TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url());
      HttpRequest publish =
          HttpRequest.newBuilder(gateway.control("/v1/events"))
              .header("authorization", "Bearer " + source.apiKey())
              .header("content-type", "application/json")
              .header("traceparent", SENDERS)
              .POST(
                  HttpRequest.BodyPublishers.ofString("{\"type\": \"webhook.test\", \"data\": {}}"))
              .build();
      String id = new JsonObject(TestGateway.send(publish).body()).getString("id");
      Span attempt = ofEvent(id, "attempt", 1).getFirst();
      assertThat(hex(attempt.getTraceId())).isEqualTo(TRACE);
      Span call =
          collector.await(1, span -> span.getSpanId().equals(attempt.getParentSpanId())).getFirst();
      assertThat(hex(call.getParentSpanId())).isEqualTo(SENDERS_SPAN);
    }
  }

  @Test
  void aCallOfTheManagementApiIsNamedByItsRouteAndNotByItsAddress() {
    try (TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      String id = send(source, TestSource.newPayload());
      gateway.call("GET", "/v1/events/" + id, source.apiKey(), new JsonObject());
      Span call =
          collector.await(1, span -> span.getName().equals("GET /v1/events/{id}")).getFirst();
      assertThat(attribute(call, "http.route")).isEqualTo("/v1/events/{id}");
      assertThat(attribute(call, "http.response.status_code")).isEqualTo("200");
      assertThat(call.toString()).doesNotContain(id);
      assertThat(collector.spans())
          .extracting(Span::getName)
          .contains("POST /v1/organizations", "POST /v1/sources");
    }
  }

  @Test
  void aCollectorThatHangsHoldsUpNeitherEventsNorTheStop() throws Exception {
    collector.hang();
    try (TestGateway gateway = traced();
        ExecutorService senders = Executors.newFixedThreadPool(16)) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url());
      // Three spans each and more: what does not fit into the queue is dropped.
      List<Future<HttpResponse<String>>> answers =
          IntStream.range(0, 2_000)
              .mapToObj(_ -> senders.submit(() -> source.send(TestSource.newPayload())))
              .toList();
      for (Future<HttpResponse<String>> answer : answers) {
        assertThat(answer.get().statusCode()).isEqualTo(202);
      }
      receiver.awaitReceived(2_000);
    }
    assertThat(collector.spans()).isEmpty();
  }

  @Test
  void measurementsNameATraceWhereThePrometheusThatAsksCanReadIt() {
    try (TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(source, receiver.url());
      send(source, TestSource.newPayload(), "traceparent", SENDERS);
      receiver.awaitReceived(1);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(metrics(gateway, "application/openmetrics-text;version=1.0.0").lines())
                      .anyMatch(line -> isExemplar(line, "usher_ingress_seconds_bucket"))
                      .anyMatch(line -> isExemplar(line, "usher_delivery_seconds_bucket"))
                      .anyMatch(line -> isExemplar(line, "usher_delivery_attempt_seconds_bucket")));
      assertThat(metrics(gateway, "text/plain")).doesNotContain("trace_id");
    }
  }

  private static boolean isExemplar(String line, String name) {
    return line.startsWith(name) && line.contains("trace_id=\"" + TRACE + "\"");
  }

  private static String metrics(TestGateway gateway, String accepted) {
    return TestGateway.send(
            HttpRequest.newBuilder(gateway.management("/metrics"))
                .header("accept", accepted)
                .build())
        .body();
  }

  @Test
  void theLogLineOfADeliveryThatIsGivenUpNamesItsEventAndItsTrace() {
    try (CapturedLog log = new CapturedLog();
        TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      gateway.newEndpoint(
          source,
          receiver.url(),
          new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
      receiver.answers(500);
      String id = send(source, TestSource.newPayload(), "traceparent", SENDERS);
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(
              () ->
                  assertThat(log.lines())
                      .anyMatch(
                          line ->
                              line.contains("A delivery is given up")
                                  && line.contains("\"event\":\"" + id + "\"")
                                  && line.contains("\"trace\":\"" + TRACE + "\"")));
    }
  }

  @Test
  void logsAndSpansHoldNoSecretsNoSignaturesAndNothingThatCustomersWrote() {
    String customer = "Ottilie-" + UUID.randomUUID();
    String token = "token-in-the-address-" + UUID.randomUUID();
    String answered = "what-the-endpoint-answered-" + UUID.randomUUID();
    JsonObject payload = TestSource.newPayload();
    payload.getJsonObject("data").put("customer_name", customer);
    try (CapturedLog log = new CapturedLog();
        TestGateway gateway = traced()) {
      TestSource source = gateway.newSource();
      JsonObject good = gateway.newEndpoint(source, receiver.url() + "?token=" + token);
      JsonObject dead =
          gateway.newEndpoint(
              source,
              "http://127.0.0.1:1/?token=" + token,
              new JsonObject().put("retry_schedule", new JsonArray().add("1s")));
      receiver.answers(request -> request.response().setStatusCode(503).end(answered));
      String id = send(source, payload, "authorization", "Bearer " + token, "x-mine", customer);
      source.send(payload); // a duplicate
      source.send(payload.copy().put("more", customer)); // a conflict
      gateway.call("GET", "/v1/events?type=" + token, source.apiKey(), new JsonObject());
      gateway.call("POST", "/v1/" + token, "wrong-" + token, new JsonObject());
      ofEvent(id, "attempt", 3);
      String signature = new ShowpassSigner(source.secret()).sign(payload.getString("id"));
      List<String> hidden =
          Stream.concat(
                  Stream.of(
                      customer,
                      token,
                      answered,
                      signature,
                      source.secret(),
                      source.apiKey(),
                      TestGateway.ADMIN_KEY,
                      good.getString("secret"),
                      dead.getString("secret"),
                      payload.getString("id"),
                      payload.getString("webhook_event_uuid")),
                  receiver.received().stream()
                      .flatMap(
                          request ->
                              Stream.of("webhook-signature", "X-SHOWPASS-SIGNATURE")
                                  .map(request.headers()::get)))
              .toList();
      assertThat(log.lines()).isNotEmpty();
      assertThat(
              Stream.concat(log.lines().stream(), collector.spans().stream().map(Span::toString)))
          .allSatisfy(text -> assertThat(text).doesNotContain(hidden));
    }
  }
}
