package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.verify.Verification.Genuine;
import dev.usher.verify.Verification.Malformed;
import dev.usher.verify.Verification.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShowpassSchemeTest {
  private static final String HEADER = "X-SHOWPASS-SIGNATURE";
  private static final String SECRET = "f3b1c9";
  private static final Instant NOW = Instant.parse("2026-01-15T12:00:00Z");
  private static final Source SOURCE = TestSources.of("showpass", SECRET, Map.of());
  private static final String BODY =
      "{\"id\":\"a4-1\",\"event_type\":\"invoice.void\",\"webhook_event_uuid\":\"65\",\"data\":{\"id\":7}}";

  private final Verifier verifier = new Verifier();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "invoice.purchase",
        "invoice.refund",
        "invoice.void",
        "invoice.transfer",
        "invoice.transferred",
        "webhook.test"
      })
  void theSamplesOfEveryTypeVerify(String type) throws IOException {
    byte[] body;
    try (InputStream in = getClass().getResourceAsStream("/dev/usher/samples/" + type + ".json")) {
      body = requireNonNull(in).readAllBytes();
    }
    Verification verification = verify(new TestRequest(sign(body, null), body));

    assertThat(verification).isInstanceOf(Genuine.class);
    Genuine genuine = (Genuine) verification;
    assertThat(genuine.type()).isEqualTo(type);
    assertThat(genuine.key()).matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(new String(body, UTF_8))
        .contains("\"transaction_id\": \"" + genuine.payloadId() + "\"");
  }

  /** RFC 2202, section 3, test case 2, with the message as id. */
  @Test
  void aSignatureComputedElsewhereVerifies() {
    Source source = TestSources.of("showpass", "Jefe", Map.of());
    TestRequest request =
        TestRequest.of(
            List.of(new Header(HEADER, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79")),
            "{\"id\":\"what do ya want for"
                + " nothing?\",\"event_type\":\"t\",\"webhook_event_uuid\":\"u\"}");

    assertThat(verifier.verify(source, request.signed(), NOW))
        .isEqualTo(new Genuine("u", "t", "what do ya want for nothing?"));
  }

  @Test
  void theIdIsSignedInUtf8AfterUnescaping() {
    String other = BODY.replace("a4-1", "Anaïs \\ud83d\\ude00");
    List<Header> headers =
        Schemes.sign("showpass", SECRET, Map.of(), other.getBytes(UTF_8), null, NOW);

    assertThat(headers)
        .isEqualTo(Schemes.sign("showpass", SECRET, Map.of(), new byte[0], "Anaïs 😀", NOW));
    assertThat(verify(TestRequest.of(headers, other)))
        .isEqualTo(new Genuine("65", "invoice.void", "Anaïs 😀"));
  }

  @Test
  void aMissingSignatureIsRefused() {
    assertThat(verify(signed().without(HEADER))).isInstanceOf(Refused.class);
  }

  @Test
  void aRepeatedSignatureIsMalformedEvenIfBothAreRight() {
    TestRequest request = signed();

    assertThat(verify(request.with(HEADER, request.value(HEADER)))).isInstanceOf(Malformed.class);
    assertThat(verify(request.with(HEADER, "x"))).isInstanceOf(Malformed.class);
    assertThat(verify(request.with("x-showpass-signature", ""))).isInstanceOf(Malformed.class);
  }

  @Test
  void aSignatureInAnyOtherSpellingIsRefused() {
    String right = signed().value(HEADER);
    for (String other :
        List.of(
            "",
            " " + right,
            right + " ",
            right.toUpperCase(Locale.ROOT),
            "sha1=" + right,
            right.substring(1),
            right + "0",
            right + "," + right,
            "0".repeat(40),
            "g".repeat(40))) {
      assertThat(verify(signed().replacing(HEADER, other))).isInstanceOf(Refused.class);
    }
  }

  /** What could split the id that is verified from the id that is processed. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":\"a4-1\",\"id\":\"b\",%s}",
        "{\"id\":\"b\",\"id\":\"a4-1\",%s}",
        "{\"id\":\"a4-1\",\"\\u0069d\":\"b\",%s}",
        "{\"\\u0069d\":\"b\",\"id\":\"a4-1\",%s}",
        "{\"id\":\"a4-1\",%s,\"event_type\":\"invoice.purchase\"}",
        "{\"id\":\"a4-1\",%s,\"webhook_event_uuid\":\"66\"}",
        "{\"id\":\"a4-1\",%s,\"webhook_event_uui\\u0064\":\"66\"}",
        "{\"id\":\"a4-1\",%s,\"data\":1,\"data\":2}",
        "{\"id\":[\"a4-1\"],%s}",
        "{\"id\":{\"id\":\"a4-1\"},%s}",
        "{\"id\":null,%s}",
        "{\"id\":41,%s}",
        "{\"data\":{\"id\":\"a4-1\"},%s}",
        "{\"Id\":\"a4-1\",%s}",
        "{\"id\":\"a4-1\\u0000\",%s}",
        "{\"id\":\"\",%s}",
        "{\"id\":\"a4-1\\ud800\",%s}",
        "\ufeff{\"id\":\"a4-1\",%s}",
        "[{\"id\":\"a4-1\",%s}]",
        "{\"id\":\"a4-1\",%s}{}",
        "{\"id\":\"a4-1\",%s}\u0000",
        "{\"id\":\"a4-1\",%s",
        "{\"id\":'a4-1',%s}",
        "{\"id\":\"a4-1\",%s,}",
        "{\"id\":\"a4-1\",/* \"id\":\"b\" */%s}"
      })
  void aBodyThatCouldBeReadInTwoWaysIsMalformed(String form) {
    String rest = "\"event_type\":\"invoice.void\",\"webhook_event_uuid\":\"65\"";

    assertThat(verify(signed().withBody(form.formatted(rest)))).isInstanceOf(Malformed.class);
  }

  @Test
  void anIdInsideTheDataIsOfNoConcern() {
    TestRequest request = signed();
    String data = "\"data\":{\"id\":\"b\",\"id\":\"c\"}}";

    assertThat(verify(request.withBody(BODY.replaceAll("\"data\".*", data))))
        .isEqualTo(new Genuine("65", "invoice.void", "a4-1"));
    assertThat(verify(request.withBody(BODY.replace("a4-1", "b").replace("7", "\"a4-1\""))))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "webhook_event_uuid":"65" | "other":1                       | 'webhook_event_uuid' is missing
          "webhook_event_uuid":"65" | "webhook_event_uuid":65         | 'webhook_event_uuid' is a number
          "webhook_event_uuid":"65" | "webhook_event_uuid":null       | 'webhook_event_uuid' is null
          "webhook_event_uuid":"65" | "webhook_event_uuid":""         | has 0 characters; expected 1 to 255
          "webhook_event_uuid":"65" | "webhook_event_uuid":"6\\n5"    | holds a control character
          "webhook_event_uuid":"65" | "webhook_event_uuid":"6\\u00805"| holds a control character
          "event_type":"invoice.void" | "other":1                     | 'event_type' is missing
          "event_type":"invoice.void" | "event_type":["invoice.void"] | 'event_type' is an array
          "event_type":"invoice.void" | "event_type":true             | 'event_type' is a boolean
          "event_type":"invoice.void" | "event_type":""               | has 0 characters
          "event_type":"invoice.void" | "event_type":"\\u0000"        | holds a control character
          "id":"a4-1"               | "other":1                       | 'id' is missing; expected a string
          "id":"a4-1"               | "id":{}                         | 'id' is an object; expected a string
          """)
  void aFieldThatIsMissingOrOfAnotherTypeIsMalformed(String field, String other, String detail) {
    assertMalformed(BODY.replace(field, other), detail);
  }

  @Test
  void theLengthOfFieldsIsLimited() {
    for (String value : List.of("\"65\"", "\"invoice.void\"", "\"a4-1\"")) {
      String longest = BODY.replace(value, '"' + "x".repeat(255) + '"');
      String tooLong = BODY.replace(value, '"' + "x".repeat(256) + '"');
      List<Header> headers = sign(longest.getBytes(UTF_8), null);
      assertThat(verify(TestRequest.of(headers, longest))).isInstanceOf(Genuine.class);
      assertMalformed(tooLong, "256 characters; expected 1 to 255");
    }
  }

  @Test
  void whoDidNotSignLearnsNothingAboutTheFieldsButTheId() {
    String body = "{\"id\":\"a4-1\"}";

    assertThat(verify(signed().withBody(body).replacing(HEADER, "0".repeat(40))))
        .isInstanceOf(Refused.class);
    assertThat(verify(signed().withBody(body))).isInstanceOf(Malformed.class);
  }

  @Test
  void anyValidKeyVerifiesAndAnExpiredOneDoesNot() {
    Source rotated =
        TestSources.of(
            "showpass",
            List.of(
                new SecretKey("new", null),
                new SecretKey("old", NOW.plusSeconds(1)),
                new SecretKey("older", NOW)),
            Map.of(),
            1);
    assertThat(verifier.verify(rotated, signedWith("new"), NOW)).isInstanceOf(Genuine.class);
    assertThat(verifier.verify(rotated, signedWith("old"), NOW)).isInstanceOf(Genuine.class);
    assertThat(verifier.verify(rotated, signedWith("older"), NOW)).isInstanceOf(Refused.class);
    assertThat(verifier.verify(rotated, signedWith("old"), NOW.plusSeconds(1)))
        .isInstanceOf(Refused.class);
    assertThat(verifier.verify(rotated, signedWith("new"), NOW.plusSeconds(1)))
        .isInstanceOf(Genuine.class);
  }

  @Test
  void aRefusalTellsNeitherTheSecretNorTheRightSignature() {
    String right = signed().value(HEADER);
    Verification refused = verify(signed().replacing(HEADER, "0".repeat(40)));

    assertThat(refused.toString())
        .contains("the body has " + BODY.length() + " bytes", "has 1 valid key")
        .doesNotContain(SECRET, right);
  }

  @Test
  void signingABodyWithoutAnIdSaysWhatIsMissing() {
    assertThatThrownBy(() -> sign("{}".getBytes(UTF_8), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'id' is missing");
    assertThatThrownBy(() -> sign("[]".getBytes(UTF_8), null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a JSON object");
  }

  private void assertMalformed(String body, String detail) {
    TestRequest request = new TestRequest(sign(BODY.getBytes(UTF_8), null), body.getBytes(UTF_8));
    Verification verification = verify(request);
    assertThat(verification).isInstanceOf(Malformed.class);
    assertThat(((Malformed) verification).detail()).contains(detail);
  }

  private Verification verify(TestRequest request) {
    return verifier.verify(SOURCE, request.signed(), NOW);
  }

  private static TestRequest signed() {
    return TestRequest.of(sign(BODY.getBytes(UTF_8), null), BODY);
  }

  private static SignedRequest signedWith(String secret) {
    byte[] body = BODY.getBytes(UTF_8);
    return new TestRequest(Schemes.sign("showpass", secret, Map.of(), body, null, NOW), body)
        .signed();
  }

  private static List<Header> sign(byte[] body, @Nullable String id) {
    return Schemes.sign("showpass", SECRET, Map.of(), body, id, NOW);
  }
}
