package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Source;
import dev.usher.verify.SignatureScheme.UnsignedRequest;
import dev.usher.verify.Verification.Challenge;
import dev.usher.verify.Verification.Genuine;
import dev.usher.verify.Verification.Malformed;
import dev.usher.verify.Verification.Refused;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Signatures that we did not compute: published by the providers where they publish one with its
 * secret, and by {@code openssl dgst -sha256 -hmac} where they do not (PagerDuty, Linear, Mailgun
 * and Zoom's header).
 */
class ProviderVectorsTest {
  private static final Header FORM =
      new Header("Content-Type", "application/x-www-form-urlencoded");

  /** stripe-dotnet, EventUtilityTest and its fixture event_test_signature.json. */
  @Test
  void stripe() {
    String body =
        """
        {
          "id": "evt_123",
          "object": "event",
          "account": "acct_123",
          "api_version": "2017-05-25",
          "created": 1533204620,
          "data": {
            "object": {
              "id": "cus_123",
              "object": "customer",
              "created": 123456789,
              "email": "test@stripe.com",
              "livemode": false,
              "metadata": {}
            }
          },
          "livemode": false,
          "pending_webhooks": 1,
          "request": {
            "id": "req_123",
            "idempotency_key": "idempotency-key-123"
          },
          "type": "customer.created"
        }
        """;
    String mac = "2220f87ef101a04665f11cdf770523143f875572008577fa0f20882ddb9cc3c7";
    String v0 = "63f3a72374a733066c4be69ed7f8e5ac85c22c9f0a6a612ab9a025a9e4ee7eef";
    Source source = TestSources.of("stripe", "webhook_secret", Map.of());
    TestRequest vector =
        TestRequest.of(
            List.of(new Header("Stripe-Signature", "t=1533204620,v1=" + mac + ",v0=" + v0)), body);

    Genuine genuine = (Genuine) verify(source, vector, 1533204620 + 100);
    assertThat(List.of(genuine.key(), genuine.type(), String.valueOf(genuine.payloadId())))
        .containsExactly("evt_123", "customer.created", "evt_123");
    assertThat(verify(source, vector, 1533204620 + 400)).isInstanceOf(Refused.class);
    assertThat(sign("stripe", "webhook_secret", body, 1533204620))
        .containsExactly(new Header("Stripe-Signature", "t=1533204620,v1=" + mac));
  }

  /** docs.github.com, "Validating webhook deliveries", "Testing the webhook payload validation". */
  @Test
  void gitHub() {
    String secret = "It's a Secret to Everybody";
    Header signature =
        new Header(
            "X-Hub-Signature-256",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    Source source = TestSources.of("github", secret, Map.of());
    TestRequest vector =
        TestRequest.of(List.of(signature), "Hello, World!")
            .with("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")
            .with("X-GitHub-Event", "push");

    assertThat(sign("github", secret, "Hello, World!", 0)).contains(signature);
    // Signed right, and no JSON.
    assertThat(verify(source, vector, 0)).isInstanceOf(Malformed.class);
    assertThat(verify(source, vector.withBody("Hello, World?"), 0)).isInstanceOf(Refused.class);
  }

  /** The known answer that the project was given. */
  @Test
  void shopify() {
    Source source = TestSources.of("shopify", "test_secret_key", Map.of());
    TestRequest vector =
        TestRequest.of(
            List.of(
                new Header("X-Shopify-Hmac-Sha256", "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="),
                new Header("X-Shopify-Event-Id", "98880550-7158-44d4-b7cd-2c97c8a091b5"),
                new Header("X-Shopify-Topic", "orders/create")),
            "{\"foo\": \"bar\"}");

    assertThat(verify(source, vector, 0))
        .isEqualTo(
            new Genuine(
                "98880550-7158-44d4-b7cd-2c97c8a091b5 orders/create", "orders/create", null));
    assertThat(verify(source, vector.withBody("{\"foo\":\"bar\"}"), 0)).isInstanceOf(Refused.class);
  }

  /** docs.slack.dev/authentication/verifying-requests-from-slack, the worked example. */
  @Test
  void slack() {
    String secret = "8f742231b10e8888abcd99yyyzzz85a5";
    String body =
        "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
            + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
            + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
            + "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
            + "&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c";
    Header signature =
        new Header(
            "X-Slack-Signature",
            "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503");
    Header time = new Header("X-Slack-Request-Timestamp", "1531420618");
    Source source = TestSources.of("slack", secret, Map.of());

    assertThat(verify(source, TestRequest.of(List.of(FORM, signature, time), body), 1531420618))
        .isEqualTo(
            new Genuine(
                "398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c",
                "slash_command",
                null));
    assertThat(sign("slack", secret, body, 1531420618)).containsExactly(signature, time);
  }

  /** twilio.com/docs/usage/security, "Explore the algorithm yourself". */
  @Test
  void twiliosDocumentation() {
    String url = "https://example.com/myapp.php?foo=1&bar=2";
    String body =
        "Digits=1234&To=%2B18005551212&From=%2B14158675310&Caller=%2B14158675310"
            + "&CallSid=CA1234567890ABCDE";
    assertTwilio(url, body, FORM, "L/OH5YylLD5NRKLltdqwSvS0BnU=");
    assertThat(
            new TwilioScheme()
                .sign("12345", Map.of(), new UnsignedRequest(bytes(body), null, at(0), url, null)))
        .containsExactly(new Header("X-Twilio-Signature", "L/OH5YylLD5NRKLltdqwSvS0BnU="));
  }

  /** twilio-java, RequestValidatorTest. */
  @Test
  void twiliosLibrary() {
    String url = "https://mycompany.com/myapp.php?foo=1&bar=2";
    String form =
        "Digits=1234&CallSid=CA1234567890ABCDE&To=%2B18005551212&Caller=%2B14158675309"
            + "&From=%2B14158675309";
    assertTwilio(url, form, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    // The port counts or not, as in the library.
    assertTwilio(url.replace(".com", ".com:1234"), form, FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8=");
    assertTwilio(url, form, FORM, "kvajT1Ptam85bY51eRf/AJRuM3w=");
    String http = url.replace("https", "http");
    assertTwilio(http, form, FORM, "0ZXoZLH/DfblKGATFgpif+LLRf4=");
    assertTwilio(http.replace(".com", ".com:1234"), form, FORM, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU=");

    Header json = new Header("Content-Type", "application/json");
    String body = "{\"property\": \"value\", \"boolean\": true}";
    String hash = "bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
    assertTwilio(url + "&" + hash, body, json, "a9nBmqA0ju/hNViExpshrM61xv4=");
    assertTwilio(
        "https://mycompany.com/myapp.php?" + hash, body, json, "y77kIzt2vzLz71DgmJGsen2scGs=");
  }

  private static void assertTwilio(String url, String body, Header contentType, String signature) {
    Source source = TestSources.of("twilio", "12345", Map.of());
    TestRequest request =
        TestRequest.of(List.of(contentType, new Header("X-Twilio-Signature", signature)), body);
    assertThat(new Verifier().verify(source, request.signed(url), at(0)))
        .isInstanceOf(Genuine.class);
    assertThat(new Verifier().verify(source, request.withBody(body + "1").signed(url), at(0)))
        .isInstanceOf(Refused.class);
    assertThat(new Verifier().verify(source, request.signed(url + "1"), at(0)))
        .isInstanceOf(Refused.class);
  }

  /** square-java-sdk, WebhooksHelperTest: a test notification that Square sent. */
  @Test
  void square() {
    String url = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9";
    String body =
        "{\"merchant_id\":\"MLEFBHHSJGVHD\",\"type\":\"webhooks.test_notification\",\"event_id\":"
            + "\"ac3ac95b-f97d-458c-a6e6-18981597e05f\",\"created_at\":"
            + "\"2022-07-13T20:30:59.037339943Z\",\"data\":{\"type\":\"webhooks\",\"id\":"
            + "\"bc368e64-01aa-407e-b46e-3231809b1129\"}}";
    Header signature =
        new Header("x-square-hmacsha256-signature", "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4=");
    Source source = TestSources.of("square", "Ibxx_5AKakO-3qeNVR61Dw", Map.of());
    TestRequest vector = TestRequest.of(List.of(signature), body);

    assertThat(new Verifier().verify(source, vector.signed(url), at(0)))
        .isEqualTo(
            new Genuine(
                "ac3ac95b-f97d-458c-a6e6-18981597e05f", "webhooks.test_notification", null));
    assertThat(new Verifier().verify(source, vector.signed(url.replace("/6", "/")), at(0)))
        .isInstanceOf(Refused.class);
    assertThat(
            new Verifier()
                .verify(source, vector.withBody(body.replace("07", "06")).signed(url), at(0)))
        .isInstanceOf(Refused.class);
  }

  @Test
  void pagerDuty() {
    String body =
        "{\"event\":{\"id\":\"5ac64822-4adc-4fda-ade0-410becf0de4f\","
            + "\"event_type\":\"incident.triggered\"}}";
    String mac = "da13314c190c35d78acbd4b57ef54b5ef6e24f8beaa7b064ec8c62e60c303565";
    Source source = TestSources.of("pagerduty", "pagerduty-secret", Map.of());
    String other = "f03de6f61df6e454f3620c4d6aca17ad072d3f8bbb2760eac3b2ad391b5e8073";
    for (String header :
        List.of("v1=" + mac, "v1=" + other + ",v1=" + mac, "v1=" + mac + ", v1=" + other)) {
      TestRequest vector =
          TestRequest.of(List.of(new Header("X-PagerDuty-Signature", header)), body);
      assertThat(verify(source, vector, 0))
          .isEqualTo(
              new Genuine("5ac64822-4adc-4fda-ade0-410becf0de4f", "incident.triggered", null));
    }
    for (String header : List.of("v1=" + other, "v2=" + mac, mac)) {
      TestRequest vector =
          TestRequest.of(List.of(new Header("X-PagerDuty-Signature", header)), body);
      assertThat(verify(source, vector, 0)).isInstanceOf(Refused.class);
    }
  }

  /** The answer is that of Elastic's beats, input/http_endpoint, Test_validateZoomCRC. */
  @Test
  void zoom() {
    Source source = TestSources.of("zoom", "secretValueTest", Map.of());
    String body = "{\"event\":\"meeting.started\",\"event_ts\":1654503849680}";
    TestRequest vector =
        TestRequest.of(
            List.of(
                new Header(
                    "x-zm-signature",
                    "v0=25a9dfdeddb458faae9f3420ff662322950a6d88281218bc6e4a774c3f942768"),
                new Header("x-zm-request-timestamp", "1654503849")),
            body);
    assertThat(((Genuine) verify(source, vector, 1654503849)).type()).isEqualTo("meeting.started");

    String question =
        "{\"payload\":{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\"},\"event_ts\":1654503849680,"
            + "\"event\":\"endpoint.url_validation\"}";
    TestRequest asked =
        TestRequest.of(sign("zoom", "secretValueTest", question, 1654503849), question);
    assertThat(verify(source, asked, 1654503849))
        .isEqualTo(
            new Challenge(
                "{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\",\"encryptedToken\":"
                    + "\"70c1f2e2e6ca2d39297490d1f9142c7d701415ea8e6151f6562a08fa657a40ff\"}"));
  }

  /** paddle-node-sdk, webhooks-validator.test.ts. Their bodies are no events. */
  @Test
  void paddle() {
    Source source = TestSources.of("paddle", "VALID_SECRET", Map.of());
    Source other = TestSources.of("paddle", "INVALID_VALID_SECRET", Map.of());
    String mac = "a300428748dce5c70e4da19bffd60769591ea969c99dea3105d0ec9612cf43f9";
    String listMac = "28981e941fae76e53db32f3d2a83cb69db41476595e84e1970a1b5d98f62b261";
    String body = "{\"data\": [\"1\", \"2\"]}";
    TestRequest one = paddle("ts=1698796800;h1=" + mac, body);
    TestRequest several =
        paddle(
            "ts=1698796800;h1=" + listMac + ";h1=" + listMac + ";h2=RANDOM_HASH",
            "{\"data\": \"value\"}");
    Malformed signedButNoEvent = new Malformed("'event_id' is missing; expected a string");

    assertThat(verify(source, one, 1698796800)).isEqualTo(signedButNoEvent);
    assertThat(verify(source, several, 1698796800)).isEqualTo(signedButNoEvent);
    assertThat(verify(other, one, 1698796800)).isInstanceOf(Refused.class);
    assertThat(verify(source, one.withBody("{ \"data\": [ \"1\", \"2\" ]}"), 1698796800))
        .isInstanceOf(Refused.class);
    assertThat(verify(source, paddle("ts=9876;h1=" + mac, body), 1698796800))
        .isInstanceOf(Refused.class);
    assertThat(sign("paddle", "VALID_SECRET", body, 1698796800))
        .containsExactly(new Header("Paddle-Signature", "ts=1698796800;h1=" + mac));
  }

  private static TestRequest paddle(String header, String body) {
    return TestRequest.of(List.of(new Header("Paddle-Signature", header)), body);
  }

  /** The body is the one of Mailgun's documentation, which keeps its key to itself. */
  @Test
  void mailgun() {
    Source source = TestSources.of("mailgun", "key-3ax6xnjp29jd6fds4gc373sgvjxteol0", Map.of());
    String body =
        "{\"signature\":{\"timestamp\":\"1529006854\","
            + "\"token\":\"a8ce0edb2dd8301dee6c2405235584e45aa91d1e9f979f3de0\","
            + "\"signature\":\"b63c0701c4f4b614f272106a1b367c5c3369bcdca664ae73ebd52787e45eef07\"},"
            + "\"event-data\":{\"event\":\"opened\",\"timestamp\":1529006854.329574,"
            + "\"id\":\"DACSsAdVSeGpLid7TN03WA\"}}";
    Genuine genuine = (Genuine) verify(source, TestRequest.of(List.of(), body), 1529006854);
    assertThat(genuine.key()).isEqualTo("DACSsAdVSeGpLid7TN03WA");
    assertThat(genuine.type()).isEqualTo("opened");
  }

  /** The body and the secret are those of Linear's SDK, LinearWebhooks.test.ts. */
  @Test
  void linear() {
    Source source = TestSources.of("linear", "SECRET", Map.of());
    String body =
        "{\"action\":\"create\",\"type\":\"Comment\",\"createdAt\":\"2020-01-23T12:53:18.084Z\","
            + "\"webhookTimestamp\":1677611643000}";
    TestRequest vector =
        TestRequest.of(
            List.of(
                new Header(
                    "Linear-Signature",
                    "491095b22affc641c5619a0ba7b00925984f23945cf19d09eb2035cd9828755a"),
                new Header("Linear-Delivery", "234d1a4e-b617-4388-90fe-adc3633d6b72")),
            body);
    Genuine genuine = (Genuine) verify(source, vector, 1677611643);
    assertThat(genuine.key()).isEqualTo("234d1a4e-b617-4388-90fe-adc3633d6b72");
    assertThat(genuine.type()).isEqualTo("Comment.create");
  }

  /** sendgrid-java, EventWebhookTest: its key, another key, another body, another signature. */
  @Test
  void sendGrid() {
    ProviderCase vector =
        ProviderCase.all().filter(c -> c.scheme().equals("sendgrid")).findFirst().orElseThrow();
    assertThat(vector.verify(vector.request())).isInstanceOf(Genuine.class);
    Source other =
        TestSources.of(
            "sendgrid",
            "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqTxd43gyp8IOEto2LdIfjRQrIbsd4SXZkLW6jDutdhXSJCWHw8REnt"
                + "lo7aNDthvj+y7GjUuFDb/R1NGe1OPzpA==",
            Map.of());
    assertThat(verify(other, vector.request(), 1600112502)).isInstanceOf(Refused.class);
    assertThat(vector.verify(vector.request().withBody("payload"))).isInstanceOf(Refused.class);
    assertThat(
            vector.verify(
                vector
                    .request()
                    .replacing(
                        "X-Twilio-Email-Event-Webhook-Signature",
                        "MEUCIQCtIHJeH93Y+qpYeWrySphQgpNGNr/U+UyUlBkU6n7RAwIgJTz2C+8a8xonZGi6BpSzoQsb"
                            + "VRamr2nlxFDWYNH3j/0=")))
        .isInstanceOf(Refused.class);
  }

  private static List<Header> sign(String scheme, String secret, String body, long seconds) {
    return new ArrayList<>(Schemes.sign(scheme, secret, Map.of(), bytes(body), null, at(seconds)));
  }

  private static Verification verify(Source source, TestRequest request, long seconds) {
    return new Verifier().verify(source, request.signed(), at(seconds));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static Instant at(long seconds) {
    return Instant.ofEpochSecond(seconds);
  }
}
