package dev.usher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.usher.crypto.ShowpassSigner;
import dev.usher.testing.EmbeddedStoresExtension;
import dev.usher.testing.TestGateway;
import dev.usher.testing.TestReceiver;
import dev.usher.testing.TestSource;
import dev.usher.testing.TestStores;
import dev.usher.verify.Header;
import dev.usher.verify.Schemes;
import dev.usher.verify.SignatureScheme;
import dev.usher.verify.SignatureScheme.UnsignedRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each provider's requests through a whole gateway, over real HTTP. */
@ExtendWith(EmbeddedStoresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SchemesIT {
  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final KeyPair PAIR = pair();

  private final TestGateway gateway;
  private final TestGateway behindProxy;

  SchemesIT(TestStores stores) {
    gateway = TestGateway.start(stores);
    behindProxy = TestGateway.start(stores, Map.of("USHER_INGRESS_TRUSTED_PROXIES", "127.0.0.0/8"));
  }

  @AfterAll
  void stop() {
    gateway.close();
    behindProxy.close();
  }

  /**
   * What a provider sends.
   *
   * @param body with ID for what differs from event to event, and MILLIS for the time
   */
  record Sent(String scheme, String contentType, String body, String type) {
    String newBody() {
      return body.replace("ID", UUID.randomUUID().toString())
          .replace("MILLIS", Long.toString(Instant.now().toEpochMilli()));
    }
  }

  static Stream<Sent> sent() {
    return Stream.of(
        new Sent("stripe", JSON, "{\"id\":\"ID\",\"type\":\"invoice.paid\"}", "invoice.paid"),
        new Sent("github", JSON, "{\"zen\":\"ID\"}", "ping"),
        new Sent("shopify", JSON, "{\"id\":1,\"note\":\"ID\"}", "orders/create"),
        new Sent(
            "slack",
            JSON,
            "{\"type\":\"event_callback\",\"event_id\":\"ID\",\"event\":{\"type\":\"message\"}}",
            "message"),
        new Sent("slack", FORM, "command=%2Fa&text=%C3%A9+b&trigger_id=ID", "slash_command"),
        new Sent("twilio", FORM, "MessageSid=ID&MessageStatus=sent&To=%2B1800", "message.sent"),
        new Sent("square", JSON, "{\"event_id\":\"ID\",\"type\":\"a.b\"}", "a.b"),
        new Sent("pagerduty", JSON, "{\"event\":{\"id\":\"ID\",\"event_type\":\"a.b\"}}", "a.b"),
        new Sent("zoom", JSON, "{\"event\":\"meeting.ended\",\"x\":\"ID\"}", "meeting.ended"),
        new Sent("paddle", JSON, "{\"event_id\":\"ID\",\"event_type\":\"a.b\"}", "a.b"),
        new Sent(
            "mailgun", JSON, "{\"event-data\":{\"id\":\"ID\",\"event\":\"opened\"}}", "opened"),
        new Sent(
            "linear",
            JSON,
            "{\"type\":\"Issue\",\"action\":\"create\",\"x\":\"ID\",\"webhookTimestamp\":MILLIS}",
            "Issue.create"),
        new Sent("sendgrid", JSON, "[{\"sg_event_id\":\"ID\"}]", "sendgrid.events"));
  }

  @ParameterizedTest
  @MethodSource("sent")
  void aSignedRequestIsAcceptedOnceAndAForgedOneNot(Sent sent) {
    TestSource source = source(sent.scheme, new JsonObject());
    Signed request = signed(sent.scheme, source, sent.newBody(), gateway.ingress(source.path()));

    HttpResponse<String> first = send(request, sent.contentType);
    assertThat(first.statusCode()).as(first.body()).isEqualTo(202);
    String id = new JsonObject(first.body()).getString("id");
    HttpResponse<String> again = send(request, sent.contentType);
    assertThat(again.statusCode()).as(again.body()).isEqualTo(200);
    assertThat(new JsonObject(again.body()).getString("id")).isEqualTo(id);

    JsonObject event = gateway.get("/v1/events/" + id, source.apiKey());
    assertThat(event.getString("type")).isEqualTo(sent.type);
    assertThat(event.getString("content_type")).isEqualTo(sent.contentType);

    assertThat(send(forged(sent, request), sent.contentType).statusCode()).isEqualTo(401);
    HttpResponse<String> unsigned =
        send(new Signed(request.url, List.of(), sent.newBody()), sent.contentType);
    assertThat(unsigned.statusCode()).isEqualTo(401);
    for (String type : List.of("text/plain", sent.contentType.equals(FORM) ? "a/b" : "text/xml")) {
      assertThat(send(request, type).statusCode()).isEqualTo(415);
    }
  }

  @ParameterizedTest
  @MethodSource("sent")
  void aRequestToNoSourceLooksLikeAForgedOne(Sent sent) {
    TestSource source = source(sent.scheme, new JsonObject());
    URI nowhere = gateway.ingress("/in/src_00000000000000000000000000");
    Signed request = signed(sent.scheme, source, sent.newBody(), nowhere);
    HttpResponse<String> unknown = send(request, sent.contentType);
    Signed wrong = signed(sent.scheme, source, sent.newBody(), gateway.ingress(source.path()));
    HttpResponse<String> forged = send(forged(sent, wrong), sent.contentType);
    assertThat(unknown.statusCode()).isEqualTo(401);
    assertThat(unknown.body()).isEqualTo(forged.body());
  }

  @ParameterizedTest
  @CsvSource({
    "github,application/x-www-form-urlencoded",
    "stripe,application/x-www-form-urlencoded",
    "mailgun,multipart/form-data"
  })
  void aTypeThatTheSchemeDoesNotSendIsUnsupported(String scheme, String contentType) {
    TestSource source = source(scheme, new JsonObject());
    Signed request = new Signed(gateway.ingress(source.path()), List.of(), "a=b");
    assertThat(send(request, contentType).statusCode()).isEqualTo(415);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          slack    | application/x-www-form-urlencoded | command=%2Fa&text=%c3%A9+b&trigger_id=ID
          twilio   | application/x-www-form-urlencoded; charset=utf-8 | CallSid=ID&CallStatus=ringing
          sendgrid | application/json                  | [{"sg_event_id":"ID"}]
          """)
  void aBodyThatIsNoObjectIsDeliveredAsItCame(String scheme, String contentType, String template) {
    TestSource source = source(scheme, new JsonObject());
    String body = template.replace("ID", UUID.randomUUID().toString());
    try (TestReceiver receiver = new TestReceiver()) {
      JsonObject endpoint = gateway.newEndpoint(source, receiver.url());
      Signed request = signed(scheme, source, body, gateway.ingress(source.path()));
      assertThat(send(request, contentType).statusCode()).isEqualTo(202);

      TestReceiver.Received received = receiver.awaitReceived(1).getFirst();
      assertThat(received.body().toString(UTF_8)).isEqualTo(body);
      assertThat(received.headers().get("content-type")).isEqualTo(contentType);
      assertThat(received.headers().get("X-SHOWPASS-SIGNATURE"))
          .isEqualTo(new ShowpassSigner(endpoint.getString("secret")).sign(received.webhookId()));
      assertThat(received.headers().get("webhook-signature")).startsWith("v1,");

      JsonObject event = gateway.get("/v1/events/" + received.webhookId(), source.apiKey());
      if (contentType.equals(JSON)) {
        assertThat(event.getValue("payload")).isEqualTo(new JsonArray(body));
      } else {
        assertThat(new String(Base64.getDecoder().decode(event.getString("payload_base64")), UTF_8))
            .isEqualTo(body);
      }
    }
  }

  @Test
  void aTopicWithASlashCanBeSubscribedTo() {
    TestSource source = source("shopify", new JsonObject());
    try (TestReceiver receiver = new TestReceiver()) {
      gateway.newEndpoint(
          source,
          receiver.url(),
          new JsonObject().put("events", new JsonArray().add("orders/create")));
      Signed request = signed("shopify", source, "{\"id\":1}", gateway.ingress(source.path()));
      assertThat(send(request, JSON).statusCode()).isEqualTo(202);
      assertThat(receiver.awaitReceived(1)).hasSize(1);
    }
  }

  @Test
  void zoomsQuestionIsAnsweredAtOnceAndIsNoEvent() {
    TestSource source = source("zoom", new JsonObject().put("secret", "secretValueTest"));
    String question =
        "{\"payload\":{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\"},\"event_ts\":1654503849680,"
            + "\"event\":\"endpoint.url_validation\"}";
    Signed request = signed("zoom", source, question, gateway.ingress(source.path()));
    HttpResponse<String> answer = send(request, JSON);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("content-type")).contains(JSON);
    assertThat(new JsonObject(answer.body()))
        .isEqualTo(
            new JsonObject()
                .put("plainToken", "qgg8vlvZRS6UYooatFL8Aw")
                .put(
                    "encryptedToken",
                    "70c1f2e2e6ca2d39297490d1f9142c7d701415ea8e6151f6562a08fa657a40ff"));
    assertThat(gateway.get("/v1/events", source.apiKey()).getJsonArray("data")).isEmpty();
    Signed unsigned = new Signed(request.url, List.of(), question);
    assertThat(send(unsigned, JSON).statusCode()).isEqualTo(401);
  }

  /** Mailgun signs each try anew, and so its body is another one each time. */
  @Test
  void aRetryThatIsSignedAnewIsADuplicateAndAnotherEventUnderItsKeyAConflict() {
    TestSource source = source("mailgun", new JsonObject());
    URI url = gateway.ingress(source.path());
    String event = "{\"event-data\":{\"id\":\"" + UUID.randomUUID() + "\",\"event\":\"opened\"}}";
    Signed first = signed("mailgun", source, event, url);
    Signed second = signed("mailgun", source, event, url);
    assertThat(second.body).isNotEqualTo(first.body);
    assertThat(send(first, JSON).statusCode()).isEqualTo(202);
    assertThat(send(second, JSON).statusCode()).isEqualTo(200);
    Signed other = signed("mailgun", source, event.replace("opened", "clicked"), url);
    assertThat(send(other, JSON).statusCode()).isEqualTo(409);
  }

  @ParameterizedTest
  @CsvSource({"twilio,CallSid=1&CallStatus=x", "square,'{\"event_id\":\"a\",\"type\":\"t\"}'"})
  void behindATrustedProxyTheAddressIsTheOneThatTheSenderCalled(String scheme, String body) {
    TestSource source = source(scheme, new JsonObject());
    String contentType = scheme.equals("twilio") ? FORM : JSON;
    URI called = URI.create("https://hooks.example.com" + source.path() + "?shop=1");
    Signed request = signed(scheme, source, body, called);
    String path = source.path() + "?shop=1";
    String[][] told = {
      {"X-Forwarded-Proto", "https", "X-Forwarded-Host", "hooks.example.com"},
      {"Forwarded", "for=192.0.2.1;proto=https;host=hooks.example.com"}
    };
    // The other node knows the source within a second.
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> send(request.to(behindProxy.ingress(path)), contentType, told[0]).statusCode(),
            status -> status == 202 || status == 200);
    for (String[] headers : told) {
      assertThat(send(request.to(gateway.ingress(path)), contentType, headers).statusCode())
          .isEqualTo(401);
      assertThat(send(request.to(behindProxy.ingress(path)), contentType, headers).statusCode())
          .isEqualTo(200);
    }
    assertThat(send(request.to(behindProxy.ingress(path)), contentType).statusCode())
        .isEqualTo(401);
  }

  @Test
  void theAddressCanBePinnedForProxiesThatDoNotTell() {
    TestSource source =
        source(
            "square",
            new JsonObject()
                .put("options", new JsonObject().put("url", "https://hooks.example.com/shop")));
    Signed request =
        signed(
            "square",
            source,
            "{\"event_id\":\"a\",\"type\":\"t\"}",
            URI.create("https://hooks.example.com/shop"));
    assertThat(send(request.to(gateway.ingress(source.path())), JSON).statusCode()).isEqualTo(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"scheme":"stripe","secret":"sk_live_1"}                     | secret
          {"scheme":"sendgrid","secret":"whsec_abc"}                   | secret
          {"scheme":"sendgrid","options":{"tolerance":"2d"}}           | options.tolerance
          {"scheme":"github","options":{"tolerance":"5m"}}             | options.tolerance
          {"scheme":"twilio","options":{"url":"hooks.example.com"}}    | options.url
          {"scheme":"stripe","options":{"header":"X-Signature"}}       | options.header
          """)
  void aSourceThatDoesNotFitItsSchemeIsNotMade(String description, String field) {
    TestSource any = gateway.newSource();
    HttpResponse<String> refused =
        gateway.call(
            "POST", "/v1/sources", any.apiKey(), new JsonObject(description).put("name", "s"));
    assertThat(refused.statusCode()).isEqualTo(400);
    JsonObject problem = new JsonObject(refused.body());
    assertThat(problem.getJsonArray("errors").getJsonObject(0).getString("field")).isEqualTo(field);
    assertThat(refused.body()).doesNotContain("sk_live_1").doesNotContain("whsec_abc");
  }

  private TestSource source(String scheme, JsonObject more) {
    JsonObject description = new JsonObject().put("name", "s").put("scheme", scheme).mergeIn(more);
    if (scheme.equals("sendgrid")) {
      description.put("secret", base64(PAIR.getPublic().getEncoded()));
    }
    return gateway.newSource(description);
  }

  private record Signed(URI url, List<Header> headers, String body) {
    Signed to(URI other) {
      return new Signed(other, headers, body);
    }
  }

  private static Signed signed(String scheme, TestSource source, String body, URI url) {
    String secret =
        scheme.equals("sendgrid") ? base64(PAIR.getPrivate().getEncoded()) : source.secret();
    SignatureScheme signing = Schemes.signing(scheme, secret, Map.of());
    var request =
        new UnsignedRequest(body.getBytes(UTF_8), null, Instant.now(), url.toString(), null);
    return new Signed(
        url,
        scheme.equals("mailgun") ? List.of() : signing.sign(secret, Map.of(), request),
        new String(signing.signedBody(secret, Map.of(), request), UTF_8));
  }

  /** The same request with one character of what is signed changed. */
  private static Signed forged(Sent sent, Signed request) {
    if (sent.scheme.equals("mailgun")) {
      String body = request.body.replaceFirst("\"token\":\".", "\"token\":\"x");
      return new Signed(request.url, request.headers, body);
    }
    int at = request.body.length() - 8;
    char other = request.body.charAt(at) == '1' ? '2' : '1';
    String body = request.body.substring(0, at) + other + request.body.substring(at + 1);
    return new Signed(request.url, request.headers, body);
  }

  private static HttpResponse<String> send(Signed signed, String contentType, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(signed.url)
            .header("content-type", contentType)
            .POST(BodyPublishers.ofString(signed.body));
    signed.headers.forEach(header -> request.header(header.name(), header.value()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return TestGateway.send(request.build());
  }

  private static KeyPair pair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
