package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookSigningException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.usher.crypto.SecretTokens;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.verify.Verification.Genuine;
import dev.usher.verify.Verification.Malformed;
import dev.usher.verify.Verification.Refused;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StandardWebhooksSchemeTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final Instant NOW = Instant.ofEpochSecond(1614265330);
  private static final Source SOURCE = TestSources.of("standard-webhooks", SECRET, Map.of());
  private static final String BODY = "{\"type\":\"invoice.purchase\",\"id\":\"a4\"}";

  private final Verifier verifier = new Verifier();

  /** The specification's vector has no type: its signature is right, its body says too little. */
  @ParameterizedTest
  @ValueSource(strings = {"webhook-", "svix-"})
  void thePublishedVectorIsSignedRight(String prefix) {
    TestRequest vector =
        TestRequest.of(
            List.of(
                new Header(prefix + "id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                new Header(prefix + "timestamp", "1614265330"),
                new Header(prefix + "signature", SIGNATURE)),
            "{\"test\": 2432232314}");

    assertThat(verify(vector)).isEqualTo(new Malformed("'type' is missing; expected a string"));
    assertThat(verify(vector.withBody("{\"test\": 2432232315}"))).isInstanceOf(Refused.class);
    assertThat(verify(vector.withBody("not JSON"))).isInstanceOf(Refused.class);
  }

  @Test
  void weSignThePublishedVector() {
    List<Header> headers =
        Schemes.sign(
            "standard-webhooks",
            SECRET,
            Map.of(),
            "{\"test\": 2432232314}".getBytes(UTF_8),
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            NOW);

    assertThat(headers)
        .containsExactly(
            new Header("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
            new Header("webhook-timestamp", "1614265330"),
            new Header("webhook-signature", SIGNATURE));
  }

  @Test
  void theEventIsTheOneOfIdAndBody() {
    assertThat(verify(signed())).isEqualTo(new Genuine("msg_1", "invoice.purchase", "a4"));
    for (String body : List.of("{\"type\":\"t\"}", "{\"type\":\"t\",\"id\":4}")) {
      assertThat(verify(signed(body))).isEqualTo(new Genuine("msg_1", "t", null));
    }
  }

  @Test
  void svixHeadersMeanTheSame() {
    TestRequest request = signed();
    assertThat(verify(svix(request))).isEqualTo(new Genuine("msg_1", "invoice.purchase", "a4"));
  }

  @Test
  void headersOfTheTwoFamiliesAreNotMixed() {
    TestRequest request = signed();
    TestRequest svix = svix(request);

    assertThat(verify(svix.with("webhook-id", "msg_2")))
        .isEqualTo(new Genuine("msg_1", "invoice.purchase", "a4"));
    assertThat(verify(request.with("svix-id", "msg_2").with("svix-signature", "v1,x")))
        .isEqualTo(new Genuine("msg_1", "invoice.purchase", "a4"));
    assertThat(verify(svix.without("svix-id").with("webhook-id", "msg_1")))
        .isInstanceOf(Refused.class);
    assertThat(verify(svix.with("webhook-signature", "v1,x"))).isInstanceOf(Refused.class);
  }

  @Test
  void anyOfSeveralSignaturesCounts() {
    String right = signed().value("webhook-signature");
    String wrong = "v1," + "A".repeat(43) + "=";
    for (String header :
        List.of(
            wrong + " " + right,
            right + " " + wrong,
            "v1a,abc " + right + " v2,x",
            "x  " + right + " ")) {
      assertThat(verify(signed().replacing("webhook-signature", header)))
          .isInstanceOf(Genuine.class);
    }
    for (String header :
        List.of(
            "",
            " ",
            wrong,
            wrong + " " + wrong,
            right.substring(3),
            right.replace("v1,", "v2,"),
            right.replace("v1,", "v1a,"),
            right.replace("v1,", "V1,"),
            right.replace("v1,", "v1 "),
            right.replace("=", ""),
            right.replace("=", "=="),
            right + "," + right,
            right + "\t",
            "v1,",
            "v1",
            right.toLowerCase(Locale.ROOT))) {
      assertThat(verify(signed().replacing("webhook-signature", header)))
          .isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void eachHeaderMustBeThereOnce(String name) {
    TestRequest request = signed();

    assertThat(verify(request.without(name))).isInstanceOf(Refused.class);
    assertThat(verify(request.with(name, request.value(name)))).isInstanceOf(Malformed.class);
  }

  @Test
  void aRequestWithoutAnyOfTheHeadersIsToldTheStandardOnes() {
    assertThat(verify(TestRequest.of(List.of(), BODY)))
        .isEqualTo(new Refused("the header webhook-id is missing"));
  }

  @Test
  void aTimeStampMayLieFiveMinutesToEitherSide() {
    for (long seconds : new long[] {-300, -299, 0, 299, 300}) {
      assertThat(verify(signed(), NOW.plusSeconds(seconds))).isInstanceOf(Genuine.class);
    }
    for (long seconds : new long[] {-301, 301, -86_400, 86_400}) {
      assertThat(verify(signed(), NOW.plusSeconds(seconds))).isInstanceOf(Refused.class);
    }
  }

  @Test
  void theToleranceCanBeSet() {
    for (Map.Entry<String, Integer> tolerance :
        Map.of("30", 30, "30s", 30, "2m", 120, "1h", 3_600).entrySet()) {
      Source source =
          TestSources.of("standard-webhooks", SECRET, Map.of("tolerance", tolerance.getKey()));
      Instant last = NOW.plusSeconds(tolerance.getValue());
      assertThat(new Verifier().verify(source, signed().signed(), last))
          .isInstanceOf(Genuine.class);
      assertThat(new Verifier().verify(source, signed().signed(), last.plusSeconds(1)))
          .isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-1",
        "+1614265330",
        "1614265330.0",
        "1614265330 ",
        " 1614265330",
        "0x60",
        "1e9",
        "16142653300000",
        "99999999999999999999",
        "١٦١٤٢٦٥٣٣٠",
        "2021-02-25T15:02:10Z",
        "\u00b2"
      })
  void aTimeStampIsSecondsInDigits(String timestamp) {
    assertThat(verify(signed().replacing("webhook-timestamp", timestamp)))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void aTimeStampFarAwayIsRefusedWithoutOverflow() {
    for (String timestamp : List.of("0", "00000000000", "99999999999")) {
      assertThat(verify(signed().replacing("webhook-timestamp", timestamp)))
          .isInstanceOf(Refused.class);
    }
  }

  /** With a full stop in the id, the same bytes could be signed for another id and body. */
  @ParameterizedTest
  @ValueSource(strings = {"msg.1", ".", "msg_1.1614265330", "", "msg\u00e9", "msg\t1", "msg\u0100"})
  void anIdThatCouldReachIntoTheNextPartIsMalformed(String id) {
    assertThat(verify(signed().replacing("webhook-id", id))).isInstanceOf(Malformed.class);
  }

  @Test
  void partsCannotBeShiftedIntoEachOther() {
    TestRequest request = signed();
    assertThat(verify(request.replacing("webhook-id", "msg_1.1614265330")))
        .isInstanceOf(Malformed.class);
    assertThat(verify(request.withBody("." + BODY))).isInstanceOf(Refused.class);
    assertThat(verify(request.replacing("webhook-timestamp", "161426533").withBody("0." + BODY)))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"type\":\"t\"",
        "{}",
        "{\"type\":1}",
        "{\"type\":\"\"}",
        "{\"type\":\"a\\nb\"}",
        "{\"type\":\"t\",\"type\":\"t\"}",
        "{\"type\":\"t\",\"\\u0074ype\":\"u\"}",
        "\ufeff{\"type\":\"t\"}",
        "{\"type\":\"t\"}{}",
        "{\"type\":\"t\",\"id\":\"\\u0000\"}",
        "{\"type\":\"t\",\"id\":\"\\ud800\"}"
      })
  void aBodyThatCouldBeReadInTwoWaysIsMalformedThoughSigned(String body) {
    assertThat(verify(signed(body))).isInstanceOf(Malformed.class);
  }

  @Test
  void anIdOfThePayloadMayBeLongerButNotEndless() {
    String longest = "{\"type\":\"t\",\"id\":\"" + "x".repeat(1_024) + "\"}";
    assertThat(verify(signed(longest))).isInstanceOf(Genuine.class);
    assertThat(verify(signed(longest.replace("\"}", "x\"}")))).isInstanceOf(Malformed.class);
  }

  @Test
  void anyValidKeyVerifiesAndAnExpiredOneDoesNot() {
    String current = SecretTokens.webhookSecret();
    Source rotated =
        TestSources.of(
            "standard-webhooks",
            List.of(new SecretKey(current, null), new SecretKey(SECRET, NOW.plusSeconds(60))),
            Map.of(),
            1);
    assertThat(verifier.verify(rotated, signed().signed(), NOW)).isInstanceOf(Genuine.class);
    assertThat(verifier.verify(rotated, signed().signed(), NOW.plusSeconds(60)))
        .isInstanceOf(Refused.class);
    byte[] body = BODY.getBytes(UTF_8);
    List<Header> headers = Schemes.sign("standard-webhooks", current, Map.of(), body, "msg_1", NOW);
    assertThat(verifier.verify(rotated, new TestRequest(headers, body).signed(), NOW))
        .isInstanceOf(Genuine.class);
  }

  @Test
  void theSecretMayLackItsPrefix() {
    Source source = TestSources.of("standard-webhooks", SECRET.substring(6), Map.of());
    assertThat(new Verifier().verify(source, signed().signed(), NOW)).isInstanceOf(Genuine.class);
  }

  @Test
  void thePublishedLibraryAndWeUnderstandEachOther()
      throws WebhookVerificationException, WebhookSigningException {
    Instant now = Instant.now(); // the library reads the clock itself
    String body = "{\"type\":\"invoice.purchase\",\"name\":\"Anaïs 😀\"}";
    List<Header> ours =
        Schemes.sign("standard-webhooks", SECRET, Map.of(), body.getBytes(UTF_8), null, now);
    Map<String, List<String>> headers =
        ours.stream().collect(Collectors.toMap(Header::name, header -> List.of(header.value())));
    Webhook library = new Webhook(SECRET);
    library.verify(body, HttpHeaders.of(headers, (name, value) -> true));

    String theirs = library.sign("msg_2", now.getEpochSecond(), body);
    TestRequest request =
        TestRequest.of(
            List.of(
                new Header("Webhook-Id", "msg_2"),
                new Header("Webhook-Timestamp", Long.toString(now.getEpochSecond())),
                new Header("Webhook-Signature", theirs)),
            body);
    assertThat(verify(request, now)).isEqualTo(new Genuine("msg_2", "invoice.purchase", null));
  }

  @Test
  void anIdThatCannotBeVerifiedIsNotSigned() {
    assertThatThrownBy(
            () ->
                Schemes.sign(
                    "standard-webhooks", SECRET, Map.of(), BODY.getBytes(UTF_8), "a.b", NOW))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("full stop");
  }

  private static TestRequest svix(TestRequest request) {
    return new TestRequest(
        request.headers().stream()
            .map(header -> new Header(header.name().replace("webhook-", "svix-"), header.value()))
            .toList(),
        request.body());
  }

  private Verification verify(TestRequest request) {
    return verify(request, NOW);
  }

  private Verification verify(TestRequest request, Instant now) {
    return verifier.verify(SOURCE, request.signed(), now);
  }

  private static TestRequest signed() {
    return signed(BODY);
  }

  private static TestRequest signed(String body) {
    return TestRequest.of(
        Schemes.sign("standard-webhooks", SECRET, Map.of(), body.getBytes(UTF_8), "msg_1", NOW),
        body);
  }
}
