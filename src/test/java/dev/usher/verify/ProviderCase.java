package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.verify.SignatureScheme.UnsignedRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A request of each provider as it is sent, for the rules that hold for all of them.
 *
 * @param secret what the source has; for SendGrid the public key
 * @param headers of the request, with its content type
 * @param signed those of them that the signature covers or consists of
 */
record ProviderCase(
    String scheme,
    String secret,
    Map<String, String> options,
    String body,
    List<Header> headers,
    List<String> signed,
    String key,
    String type) {
  /** When the requests are sent: the time of SendGrid's published vector, which we cannot sign. */
  static final Instant NOW = Instant.ofEpochSecond(1600112502);

  private static final String JSON = "application/json";
  private static final String FORM = "application/x-www-form-urlencoded";
  private static final String SECRET = "It's a Secret to Everybody";

  static final String SENDGRID_KEY =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE83T4O/n84iotIvIW4mdBgQ/7dAfSmpqIM8kF9mN1flpVKS3GRqe62gw"
          + "+2fNNRaINXvVpiglSI8eNEc6wEA3F+g==";

  static Stream<ProviderCase> all() {
    return Stream.of(
        of("stripe", "{\"id\":\"evt_1\",\"type\":\"invoice.paid\"}", "evt_1", "invoice.paid")
            .signedBy("Stripe-Signature"),
        of("github", "{\"zen\":\"Keep it logically awesome.\"}", "72d3162e", "ping")
            .signedBy("X-Hub-Signature-256"),
        of("shopify", "{\"id\":820982911946154508}", "72d3162e orders/create", "orders/create")
            .signedBy("X-Shopify-Hmac-Sha256"),
        of(
                "slack",
                "{\"type\":\"event_callback\",\"event_id\":\"Ev1\",\"event\":{\"type\":\"message\"}}",
                "Ev1",
                "message")
            .signedBy("X-Slack-Signature", "X-Slack-Request-Timestamp"),
        form(
                "slack",
                "command=%2Fweather&text=94070+%C3%A9&trigger_id=13345224609.738474920.8088930",
                "13345224609.738474920.8088930",
                "slash_command")
            .signedBy("X-Slack-Signature", "X-Slack-Request-Timestamp"),
        form(
                "twilio",
                "MessageSid=SM1&MessageStatus=delivered&To=%2B18005551212&Body=a+b",
                "sha256:",
                "message.delivered")
            .signedBy("X-Twilio-Signature"),
        of(
                "square",
                "{\"event_id\":\"ac3ac95b\",\"type\":\"payment.updated\"}",
                "ac3ac95b",
                "payment.updated")
            .signedBy("x-square-hmacsha256-signature"),
        of(
                "pagerduty",
                "{\"event\":{\"id\":\"5ac64822\",\"event_type\":\"incident.triggered\"}}",
                "5ac64822",
                "incident.triggered")
            .signedBy("X-PagerDuty-Signature"),
        of("zoom", "{\"event\":\"meeting.started\",\"event_ts\":1}", "sha256:", "meeting.started")
            .signedBy("x-zm-signature", "x-zm-request-timestamp"),
        of(
                "paddle",
                "{\"event_id\":\"evt_01\",\"event_type\":\"transaction.paid\"}",
                "evt_01",
                "transaction.paid")
            .signedBy("Paddle-Signature"),
        of(
            "mailgun",
            "{\"event-data\":{\"id\":\"DACSsAdVSeGpLid7TN03WA\",\"event\":\"opened\"}}",
            "DACSsAdVSeGpLid7TN03WA",
            "opened"),
        of(
                "linear",
                "{\"type\":\"Issue\",\"action\":\"create\",\"webhookTimestamp\":1600112502123}",
                "72d3162e",
                "Issue.create")
            .signedBy("Linear-Signature"),
        sendGrid());
  }

  private static ProviderCase of(String scheme, String body, String key, String type) {
    return signed(scheme, body, JSON, key, type);
  }

  private static ProviderCase form(String scheme, String body, String key, String type) {
    return signed(scheme, body, FORM, key, type);
  }

  private static ProviderCase signed(
      String name, String body, String contentType, String key, String type) {
    SignatureScheme scheme = Objects.requireNonNull(Schemes.find(name));
    var request = new UnsignedRequest(body.getBytes(UTF_8), "72d3162e", NOW, TestRequest.URL, null);
    List<Header> headers = new ArrayList<>(List.of(new Header("Content-Type", contentType)));
    headers.addAll(scheme.sign(SECRET, Map.of(), request));
    String sent = new String(scheme.signedBody(SECRET, Map.of(), request), UTF_8);
    return new ProviderCase(name, SECRET, Map.of(), sent, headers, List.of(), key, type);
  }

  /** The vector of sendgrid-java's EventWebhookTest. */
  private static ProviderCase sendGrid() {
    return new ProviderCase(
        "sendgrid",
        SENDGRID_KEY,
        Map.of(),
        """
        [{"email":"hello@world.com","event":"dropped","reason":"Bounced Address",\
        "sg_event_id":"ZHJvcC0xMDk5NDkxOS1MUnpYbF9OSFN0T0doUTRrb2ZTbV9BLTA",\
        "sg_message_id":"LRzXl_NHStOGhQ4kofSm_A.filterdrecv-p3mdw1-756b745b58-kmzbl-18-5F5FC76C\
        -9.0","smtp-id":"<LRzXl_NHStOGhQ4kofSm_A@ismtpd0039p1iad1.sendgrid.net>",\
        "timestamp":1600112492}]\r\n\
        """,
        List.of(
            new Header("Content-Type", JSON),
            new Header(
                "X-Twilio-Email-Event-Webhook-Signature",
                "MEUCIGHQVtGj+Y3LkG9fLcxf3qfI10QysgDWmMOVmxG0u6ZUAiEAyBiXDWzM+uOe5W0JuG+luQAbPIqHh89M"
                    + "15TluLtEZtM="),
            new Header("X-Twilio-Email-Event-Webhook-Timestamp", "1600112502")),
        List.of("X-Twilio-Email-Event-Webhook-Signature", "X-Twilio-Email-Event-Webhook-Timestamp"),
        "sha256:",
        "sendgrid.events");
  }

  private ProviderCase signedBy(String... names) {
    return new ProviderCase(scheme, secret, options, body, headers, List.of(names), key, type);
  }

  /** Whether what is signed holds a time. */
  boolean isTimed() {
    return List.of("stripe", "slack", "zoom", "paddle", "mailgun", "linear", "sendgrid")
        .contains(scheme);
  }

  TestRequest request() {
    return TestRequest.of(headers, body);
  }

  Source source() {
    return TestSources.of(scheme, secret, options);
  }

  Verification verify(TestRequest request) {
    return verify(request, NOW);
  }

  Verification verify(TestRequest request, Instant now) {
    return new Verifier().verify(source(), request.signed(), now);
  }

  Verification verify(TestRequest request, List<SecretKey> keys, Instant now) {
    return new Verifier().verify(TestSources.of(scheme, keys, options, 1), request.signed(), now);
  }

  @Override
  public String toString() {
    return scheme + " " + headers.getFirst().value();
  }
}
