package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.crypto.Hex;
import dev.usher.crypto.Sha256;
import dev.usher.event.SecretKey;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which event a signed request of each provider carries, and what is none. */
class ProviderEventsTest {
  private static final Instant NOW = ProviderCase.NOW;
  private static final String SECRET = "shhh";
  private static final Header FORM =
      new Header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          stripe    | {"type":"t","id":@}                       | id
          stripe    | {"id":"a","type":@}                       | type
          square    | {"type":"t","event_id":@}                 | event_id
          square    | {"event_id":"a","type":@}                 | type
          pagerduty | {"event":{"event_type":"t","id":@}}       | event.id
          pagerduty | {"event":{"id":"a","event_type":@}}       | event.event_type
          paddle    | {"event_type":"t","event_id":@}           | event_id
          paddle    | {"event_id":"a","event_type":@}           | event_type
          mailgun   | {"event-data":{"event":"t","id":@}}       | event-data.id
          mailgun   | {"event-data":{"id":"a","event":@}}       | event-data.event
          linear    | {"action":"create","type":@}              | type
          zoom      | {"event":@}                               | event
          slack     | {"event_id":"a","type":@}                 | type
          """)
  void whatIdentifiesAnEventMustBeThereAsAString(String scheme, String template, String path) {
    String name = path.substring(path.indexOf('.') + 1);
    assertThat(send(scheme, template.replace("@", "\"a\""))).isInstanceOf(Genuine.class);
    for (String body :
        List.of(
            template.replace("\"" + name + "\":@", "\"other\":\"a\""),
            template.replace("@", "1"),
            template.replace("@", "null"),
            template.replace("@", "{}"),
            template.replace("@", "[\"a\"]"),
            template.replace("@", "\"\""),
            template.replace("@", "\"\\u0000\""))) {
      assertThat(send(scheme, body))
          .as(body)
          .isInstanceOfSatisfying(
              Malformed.class, malformed -> assertThat(malformed.detail()).contains(path));
    }
  }

  @Test
  void aMemberOnThePathThatIsThereTwiceIsMalformed() {
    assertThat(
            send("pagerduty", "{\"event\":{\"id\":\"a\",\"event_type\":\"t\",\"\\u0069d\":\"b\"}}"))
        .isEqualTo(new Malformed("the member 'event.id' is there twice; expected it once"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-GitHub-Delivery", "X-GitHub-Event"})
  void gitHubsHeadersMustBeThereOnce(String name) {
    TestRequest request = signed("github", "{}", null);
    assertThat(verify("github", request)).isEqualTo(new Genuine("id-1", "ping", null));
    assertThat(verify("github", request.without(name))).isInstanceOf(Malformed.class);
    assertThat(verify("github", request.with(name, "x"))).isInstanceOf(Malformed.class);
    assertThat(verify("github", request.replacing(name, ""))).isInstanceOf(Malformed.class);
    assertThat(verify("github", request.replacing(name, "é"))).isInstanceOf(Malformed.class);
  }

  /** What one merchant does at once may be told under several topics, with one event id. */
  @Test
  void shopifysKeyIsTheEventsIdInItsTopic() {
    TestRequest request = signed("shopify", "{\"id\":1}", null);
    assertThat(verify("shopify", request))
        .isEqualTo(new Genuine("id-1 orders/create", "orders/create", null));
    assertThat(verify("shopify", request.replacing("X-Shopify-Topic", "orders/paid")))
        .isEqualTo(new Genuine("id-1 orders/paid", "orders/paid", null));
    TestRequest older = request.without("X-Shopify-Event-Id");
    assertThat(verify("shopify", older)).isInstanceOf(Malformed.class);
    assertThat(verify("shopify", older.with("X-Shopify-Webhook-Id", "w")))
        .isEqualTo(new Genuine("w", "orders/create", null));
    assertThat(verify("shopify", request.without("X-Shopify-Topic"))).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention"}} | Ev1 | app_mention
          {"type":"app_rate_limited","team_id":"T1"} | sha256: | app_rate_limited
          """)
  void slacksEvents(String body, String key, String type) {
    assertEvent("slack", send("slack", body), key, type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          command=%2Fweather&text=a&trigger_id=1.2 | 1.2     | slash_command
          command=%2Fweather&text=a                | sha256: | slash_command
          payload=%7B%22type%22%3A%22block_actions%22%2C%22trigger_id%22%3A%223.4%22%7D | 3.4 | block_actions
          payload=%7B%22type%22%3A%22view_closed%22%7D | sha256: | view_closed
          """)
  void slacksForms(String body, String key, String type) {
    assertEvent("slack", verify("slack", signed("slack", body, FORM)), key, type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text=a",
        "payload=a",
        "payload=%7B%7D",
        "payload=%7B%22type%22%3A1%7D",
        "payload=%7B%22type%22%3A%22a%22%2C%22type%22%3A%22b%22%7D",
        "command=%",
        "command=%ff",
        "command=a&command=b"
      })
  void aFormThatSlackDoesNotSendIsMalformed(String body) {
    assertThat(verify("slack", signed("slack", body, FORM))).isInstanceOf(Malformed.class);
  }

  @Test
  void slacksQuestionsAreAnsweredAndAreNoEvents() {
    assertThat(send("slack", "{\"type\":\"url_verification\",\"challenge\":\"3eZbrw1aBm2r\"}"))
        .isEqualTo(new Challenge("{\"challenge\":\"3eZbrw1aBm2r\"}"));
    assertThat(verify("slack", signed("slack", "ssl_check=1&token=a", FORM)))
        .isEqualTo(new Challenge("{}"));
    for (String challenge : List.of("a\\\"b", "<script>", "v0:1:{}", "", "é", "a b")) {
      assertThat(
              send("slack", "{\"type\":\"url_verification\",\"challenge\":\"" + challenge + "\"}"))
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void anUnsignedQuestionGetsNoAnswer() {
    TestRequest slack =
        signed("slack", "{\"type\":\"url_verification\",\"challenge\":\"a\"}", null);
    TestRequest zoom =
        signed(
            "zoom",
            "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"a\"}}",
            null);
    assertThat(verify("slack", slack)).isInstanceOf(Challenge.class);
    assertThat(verify("zoom", zoom)).isInstanceOf(Challenge.class);
    assertThat(verify("slack", slack.without("X-Slack-Signature"))).isInstanceOf(Refused.class);
    assertThat(verify("zoom", zoom.without("x-zm-signature"))).isInstanceOf(Refused.class);
    assertThat(verify("zoom", zoom.replacing("x-zm-signature", "v0=" + "0".repeat(64))))
        .isInstanceOf(Refused.class);
  }

  /** Its answer is a signature: it must never be one of a request. */
  @ParameterizedTest
  @ValueSource(strings = {"v0:1600112502:{}", "", "a b", "a\\nb", "é"})
  void zoomsTokenMustBeNothingElse(String token) {
    assertThat(
            send(
                "zoom",
                "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\""
                    + token
                    + "\"}}"))
        .isInstanceOf(Malformed.class);
    assertThat(send("zoom", "{\"event\":\"endpoint.url_validation\",\"payload\":{}}"))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void duringARotationZoomIsAnsweredWithTheKeyThatItHas() {
    String body = "{\"event\":\"endpoint.url_validation\",\"payload\":{\"plainToken\":\"a\"}}";
    List<Challenge> answers = new ArrayList<>();
    for (String secret : List.of("old", "new")) {
      byte[] bytes = body.getBytes(UTF_8);
      TestRequest request =
          new TestRequest(Schemes.sign("zoom", secret, Map.of(), bytes, null, NOW), bytes);
      Source both =
          TestSources.of(
              "zoom",
              List.of(new SecretKey("new", null), new SecretKey("old", NOW.plusSeconds(60))),
              Map.of(),
              1);
      Source one = TestSources.of("zoom", secret, Map.of());
      Challenge answer = (Challenge) new Verifier().verify(both, request.signed(), NOW);
      assertThat(answer).isEqualTo(new Verifier().verify(one, request.signed(), NOW));
      answers.add(answer);
    }
    assertThat(answers.get(0)).isNotEqualTo(answers.get(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          SmsSid=SM1&SmsStatus=received&Body=hi               | message.received
          SmsStatus=sent&MessageStatus=delivered              | message.delivered
          CallSid=CA1&CallStatus=ringing                      | call.ringing
          CallSid=CA1&RecordingStatus=completed               | recording.completed
          StatusCallbackEvent=participant-join&CallStatus=x   | participant-join
          EventType=onMessageAdded&MessageStatus=sent         | onMessageAdded
          CallSid=CA1&CallStatus=                             | twilio.webhook
          Digits=1                                            | twilio.webhook
          """)
  void twiliosTypeIsWhatHappened(String body, String type) {
    assertEvent("twilio", verify("twilio", signed("twilio", body, FORM)), "sha256:", type);
  }

  @Test
  void twiliosJsonIsSignedThroughTheAddress() {
    String body = "{\"id\":\"EZ1\",\"type\":\"com.twilio.messaging.message.sent\"}";
    String url = TestRequest.URL + "?bodySHA256=" + sha256(body);
    TestRequest request = signed("twilio", body, null, url);
    assertEvent("twilio", verify(request, url), "sha256:", "com.twilio.messaging.message.sent");
    assertThat(verify(request.withBody(body + " "), url)).isInstanceOf(Refused.class);
    assertThat(verify(request, url.replace("bodySHA256", "bodySHA25"))).isInstanceOf(Refused.class);
    // An address that signs nothing but itself must not bring an empty form, or any other.
    for (String form : List.of("", "a=b")) {
      assertThat(verify(request.withBody(form).with("Content-Type", FORM.value()), url))
          .isInstanceOf(Refused.class);
    }
    String array = "[" + body + "," + body + "]";
    String arrayUrl = TestRequest.URL + "?bodySHA256=" + sha256(array);
    assertEvent(
        "twilio",
        verify(signed("twilio", array, null, arrayUrl), arrayUrl),
        "sha256:",
        "twilio.webhook");
    assertThatThrownBy(() -> signed("twilio", body, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bodySHA256=");
  }

  @Test
  void theAddressThatTheProviderCallsCanBePinned() {
    for (String scheme : List.of("twilio", "square")) {
      Map<String, String> options = Map.of("url", "https://hooks.example.com/shop");
      assertThat(Schemes.faults(scheme, SECRET, options)).isEmpty();
      String body =
          scheme.equals("twilio") ? "CallStatus=x" : "{\"event_id\":\"a\",\"type\":\"t\"}";
      TestRequest request = signed(scheme, body, FORM, "https://hooks.example.com/shop?a=1");
      Source source = TestSources.of(scheme, SECRET, options);
      for (String seen : List.of("http://10.0.0.7:8080/in/src_1?a=1", "/in/src_1?a=1")) {
        assertThat(new Verifier().verify(source, request.signed(seen), NOW))
            .isInstanceOf(Genuine.class);
      }
      assertThat(new Verifier().verify(source, request.signed("http://10.0.0.7/in?a=2"), NOW))
          .isInstanceOf(Refused.class);
      assertThat(verify(scheme, request)).isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.example.com/shop",
        "/shop",
        "ftp://hooks.example.com/",
        "https://",
        "https:///shop",
        "https://hooks.example.com/shop?a=1",
        "https://hooks.example.com/shop#a",
        "https://hooks.example.com/a b"
      })
  void aPinnedAddressMustBeOne(String url) {
    for (String scheme : List.of("twilio", "square")) {
      assertThat(Schemes.faults(scheme, SECRET, Map.of("url", url)))
          .singleElement()
          .asString()
          .startsWith("options.url: '" + url + "'; expected the address");
    }
  }

  @Test
  void aPinnedAddressHoldsNoPasswordAndAFaultQuotesNone() {
    for (String url : List.of("https://me:hunter2@example.com/", "//me:hunter2 @x", "a://h@b")) {
      assertThat(Schemes.faults("twilio", SECRET, Map.of("url", url)))
          .containsExactly(
              "options.url: names a user; give the address without one, as options are shown");
    }
  }

  @Test
  void whatChangesFromTryToTryIsNoOtherEvent() {
    assertSameEvent(
        "stripe", "{\"id\":\"evt_1\",\"type\":\"t\",\"pending_webhooks\":%s}", List.of("1", "2"));
    assertSameEvent(
        "paddle",
        "{\"event_id\":\"e\",\"event_type\":\"t\",\"notification_id\":%s}",
        List.of("\"ntf_1\"", "\"ntf_2\""));
    assertSameEvent(
        "linear",
        "{\"type\":\"Issue\",\"action\":\"update\",\"webhookTimestamp\":%s}",
        List.of("1600112502000", "1600112503000"));
  }

  @Test
  void mailgunMaySignEachTryAnew() {
    Genuine first = (Genuine) send("mailgun", "{\"event-data\":{\"id\":\"a\",\"event\":\"t\"}}");
    byte[] body = "{\"event-data\":{\"id\":\"a\",\"event\":\"t\"}}".getBytes(UTF_8);
    var later = new UnsignedRequest(body, null, NOW.plusSeconds(60), "", null);
    byte[] sent = new MailgunScheme().signedBody(SECRET, Map.of(), later);
    Genuine second = (Genuine) verify("mailgun", new TestRequest(List.of(), sent));
    assertThat(second.lasting()).isNotNull().isEqualTo(first.lasting());
  }

  @Test
  void mailgunsSubaccountsAreSignedForByTheirParentToo() {
    byte[] body = "{\"event-data\":{\"id\":\"a\",\"event\":\"t\"}}".getBytes(UTF_8);
    var request = new UnsignedRequest(body, "token", NOW, "", null);
    String own = new String(new MailgunScheme().signedBody("sub", Map.of(), request), UTF_8);
    String parent = new String(new MailgunScheme().signedBody(SECRET, Map.of(), request), UTF_8);
    String mac = parent.replaceAll(".*\"signature\":\"([0-9a-f]{64}).*", "$1");
    String both = own.replace("\"},\"event", "\",\"parent-signature\":\"" + mac + "\"},\"event");
    assertThat(verify("mailgun", TestRequest.of(List.of(), own))).isInstanceOf(Refused.class);
    assertThat(verify("mailgun", TestRequest.of(List.of(), both))).isInstanceOf(Genuine.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"signature\":{}}",
        "{\"signature\":\"a\"}",
        "{\"signature\":{\"timestamp\":\"1600112502\",\"token\":\"a\"}}",
        "{\"signature\":{\"timestamp\":\"1600112502\",\"token\":1,\"signature\":\"a\"}}",
        "{\"signature\":{\"token\":\"a\",\"signature\":\"a\"}}",
        "{\"signature.timestamp\":\"1600112502\",\"signature.token\":\"a\"}"
      })
  void mailgunsSignatureMustBeWhole(String body) {
    assertThat(verify("mailgun", TestRequest.of(List.of(), body))).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{ }", "{\"a\":1}", "{\"signature\":{\"token\":\"x\"},\"a\":1}"})
  void mailgunsSignatureIsPutIntoAnyObject(String body) {
    var request = new UnsignedRequest(body.getBytes(UTF_8), "t", NOW, "", null);
    byte[] signed = new MailgunScheme().signedBody(SECRET, Map.of(), request);
    assertThat(verify("mailgun", new TestRequest(List.of(), signed)))
        .isEqualTo(new Malformed("'event-data.id' is missing; expected a string"));
  }

  @Test
  void linearsTimeIsHeldToWhereItIsTold() {
    assertThat(send("linear", "{\"type\":\"Issue\"}")).isInstanceOf(Genuine.class);
    assertThat(send("linear", "{\"type\":\"Issue\",\"webhookTimestamp\":1600112802999}"))
        .isInstanceOf(Genuine.class);
    assertThat(send("linear", "{\"type\":\"Issue\",\"webhookTimestamp\":1600112803000}"))
        .isInstanceOf(Refused.class);
    for (String time : List.of("\"1600112502000\"", "1600112502.5", "-1", "1e12", "0", "{}")) {
      assertThat(send("linear", "{\"type\":\"Issue\",\"webhookTimestamp\":" + time + "}"))
          .isInstanceOf(Malformed.class);
    }
    TestRequest noDelivery = signed("linear", "{\"type\":\"a\"}", null).without("Linear-Delivery");
    assertThat(verify("linear", noDelivery)).isInstanceOf(Malformed.class);
  }

  @ParameterizedTest
  @CsvSource({
    "stripe,sk_live_51",
    "stripe,rk_live_51",
    "github,ghp_16C7e42F292c6912E7710c838347Ae178B4a",
    "shopify,shpat_c2a1",
    "slack,xoxb-17653672481",
    "twilio,AC0123456789abcdef0123456789abcdef",
    "square,EAAAEOuLQPDbPd2",
    "paddle,pdl_live_apikey_01",
    "mailgun,pubkey-5ogiflzbnjrljiky49qxsiozqef5jxp7",
    "linear,lin_api_0123"
  })
  void anotherCredentialOfTheProviderIsNoSecret(String scheme, String credential) {
    assertThat(Schemes.faults(scheme, credential, Map.of()))
        .singleElement()
        .asString()
        .startsWith("secret: begins with")
        .contains("another credential; expected the")
        .doesNotContain(credential);
  }

  private static String sha256(String body) {
    return Hex.encode(Sha256.of(body.getBytes(UTF_8)));
  }

  private static void assertSameEvent(String scheme, String body, List<String> values) {
    List<Genuine> tries =
        values.stream().map(value -> (Genuine) send(scheme, body.formatted(value))).toList();
    assertThat(tries.get(0).lasting()).isNotNull().isEqualTo(tries.get(1).lasting());
    Genuine other =
        (Genuine) send(scheme, body.formatted(values.getFirst()).replace("}", ",\"more\":1}"));
    assertThat(other.lasting()).isNotEqualTo(tries.get(0).lasting());
  }

  private static void assertEvent(
      String scheme, Verification verification, String key, String type) {
    assertThat(verification).as(scheme).isInstanceOf(Genuine.class);
    Genuine genuine = (Genuine) verification;
    assertThat(genuine.type()).isEqualTo(type);
    assertThat(genuine.key()).matches(key.equals("sha256:") ? "sha256:[0-9a-f]{64}" : key);
  }

  private static Verification send(String scheme, String body) {
    return verify(scheme, signed(scheme, body, null));
  }

  private static TestRequest signed(String name, String body, @Nullable Header contentType) {
    return signed(name, body, contentType, TestRequest.URL);
  }

  private static TestRequest signed(
      String name, String body, @Nullable Header contentType, String url) {
    SignatureScheme scheme = requireNonNull(Schemes.find(name));
    var request = new UnsignedRequest(body.getBytes(UTF_8), "id-1", NOW, url, null);
    List<Header> headers = new ArrayList<>(scheme.sign(SECRET, Map.of(), request));
    if (contentType != null) {
      headers.add(contentType);
    }
    return new TestRequest(headers, scheme.signedBody(SECRET, Map.of(), request));
  }

  private static Verification verify(String scheme, TestRequest request) {
    Source source = TestSources.of(scheme, SECRET, Map.of());
    return new Verifier().verify(source, request.signed(), NOW);
  }

  private static Verification verify(TestRequest request, String url) {
    Source source = TestSources.of("twilio", SECRET, Map.of());
    return new Verifier().verify(source, request.signed(url), NOW);
  }
}
