package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.event.Source;
import dev.usher.verify.Verification.Genuine;
import dev.usher.verify.Verification.Malformed;
import dev.usher.verify.Verification.Refused;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HmacSchemeTest {
  private static final Instant NOW = Instant.ofEpochSecond(1614265330);
  private static final String BODY = "{\"type\":\"order.paid\",\"id\":\"a4\",\"ref\":\"r1\"}";

  private static final Map<String, String> GITHUB =
      Map.of(
          "header", "X-Hub-Signature-256",
          "prefix", "sha256=",
          "key", "header:X-GitHub-Delivery",
          "type", "header:X-GitHub-Event");
  private static final Map<String, String> SHOPIFY =
      Map.of(
          "header", "X-Shopify-Hmac-Sha256",
          "encoding", "base64",
          "key", "header:X-Shopify-Event-Id",
          "type", "header:X-Shopify-Topic");
  private static final Map<String, String> TIMED =
      Map.of(
          "header", "X-Signature",
          "algorithm", "sha512",
          "prefix", "v0=",
          "signed", "v0:{id}:{timestamp}:{body}",
          "timestamp-header", "X-Time",
          "tolerance", "60s",
          "key", "header:X-Id",
          "type", "body:type");

  private final Verifier verifier = new Verifier();

  /** The vector of GitHub's documentation ("Validating webhook deliveries"). */
  @Test
  void gitHubsPublishedVectorIsSignedRight() {
    String secret = "It's a Secret to Everybody";
    Header signature =
        new Header(
            "X-Hub-Signature-256",
            "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    TestRequest vector =
        TestRequest.of(List.of(signature), "Hello, World!")
            .with("X-GitHub-Delivery", "72d3162e")
            .with("X-GitHub-Event", "push");
    Source source = TestSources.of("hmac", secret, GITHUB);

    assertThat(sign(secret, GITHUB, "Hello, World!", "72d3162e").headers()).contains(signature);
    assertThat(verifier.verify(source, vector.signed(), NOW)).isInstanceOf(Malformed.class);
    assertThat(verifier.verify(source, vector.withBody("Hello, World?").signed(), NOW))
        .isInstanceOf(Refused.class);
    TestRequest json = sign(secret, GITHUB, BODY, "72d3162e").with("X-GitHub-Event", "push");
    assertThat(verifier.verify(source, json.signed(), NOW))
        .isEqualTo(new Genuine("72d3162e", "push", "a4"));
  }

  @Test
  void shopifysPublishedVectorVerifies() {
    TestRequest vector =
        TestRequest.of(
            List.of(
                new Header("X-Shopify-Hmac-Sha256", "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g="),
                new Header("X-Shopify-Event-Id", "98880550"),
                new Header("X-Shopify-Topic", "orders/create")),
            "{\"foo\": \"bar\"}");
    Source source = TestSources.of("hmac", "test_secret_key", SHOPIFY);

    assertThat(verifier.verify(source, vector.signed(), NOW))
        .isEqualTo(new Genuine("98880550", "orders/create", null));
    assertThat(verifier.verify(source, vector.withBody("{\"foo\":\"bar\"}").signed(), NOW))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "sha1,hex,40",
    "sha1,base64,28",
    "sha256,hex,64",
    "sha256,base64,44",
    "sha512,hex,128",
    "sha512,base64,88"
  })
  void everyAlgorithmAndEncodingGoesRound(String algorithm, String encoding, int length) {
    Map<String, String> options =
        Map.of("header", "X-Signature", "algorithm", algorithm, "encoding", encoding);
    TestRequest request = sign("s", options, BODY, null);

    assertThat(request.headers()).hasSize(1);
    assertThat(request.value("X-Signature")).hasSize(length);
    assertThat(verify(options, request)).isEqualTo(new Genuine("a4", "order.paid", "a4"));
    assertThat(verify(options, request.withBody(BODY + " "))).isInstanceOf(Refused.class);
  }

  @Test
  void theDefaultsAreSha256InHexOverTheBody() {
    Map<String, String> options = Map.of("header", "X-Hub-Signature-256");

    assertThat(sign("It's a Secret to Everybody", options, "Hello, World!", null).headers())
        .containsExactly(
            new Header(
                "X-Hub-Signature-256",
                "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"));
  }

  @Test
  void aTimedSignatureCoversIdTimeAndBody() {
    TestRequest request = sign("s", TIMED, BODY, "e-1");

    assertThat(request.headers())
        .extracting(Header::name)
        .containsExactly("X-Id", "X-Time", "X-Signature");
    assertThat(verify(TIMED, request)).isEqualTo(new Genuine("e-1", "order.paid", "a4"));
    assertThat(verify(TIMED, request.replacing("X-Id", "e-2"))).isInstanceOf(Refused.class);
    assertThat(verify(TIMED, request.replacing("X-Time", "1614265331")))
        .isInstanceOf(Refused.class);
    assertThat(verify(TIMED, request.withBody(BODY.replace("r1", "r2"))))
        .isInstanceOf(Refused.class);
    assertThat(verify(TIMED, request.replacing("X-Id", "e:1"))).isInstanceOf(Malformed.class);
    Source source = TestSources.of("hmac", "s", TIMED);
    assertThat(verifier.verify(source, request.signed(), NOW.plusSeconds(60)))
        .isInstanceOf(Genuine.class);
    assertThat(verifier.verify(source, request.signed(), NOW.plusSeconds(61)))
        .isInstanceOf(Refused.class);
    assertThat(verifier.verify(source, request.signed(), NOW.minusSeconds(61)))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Time", "X-Signature"})
  void eachSignatureHeaderMustBeThereOnce(String name) {
    TestRequest request = sign("s", TIMED, BODY, "e-1");

    assertThat(verify(TIMED, request.without(name))).isInstanceOf(Refused.class);
    assertThat(verify(TIMED, request.with(name, request.value(name))))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void aKeyInAHeaderMustBeThereOnceAndBeText() {
    TestRequest request = sign("s", GITHUB, BODY, "d-1").with("X-GitHub-Event", "push");

    assertThat(verify(GITHUB, request)).isEqualTo(new Genuine("d-1", "push", "a4"));
    assertThat(verify(GITHUB, request.without("X-GitHub-Delivery"))).isInstanceOf(Malformed.class);
    assertThat(verify(GITHUB, request.with("X-GitHub-Delivery", "d-1")))
        .isInstanceOf(Malformed.class);
    for (String key : List.of("", "a\u00e9", "a\tb", "x".repeat(256))) {
      assertThat(verify(GITHUB, request.replacing("X-GitHub-Delivery", key)))
          .isInstanceOf(Malformed.class);
      assertThat(verify(GITHUB, request.replacing("X-GitHub-Event", key)))
          .isInstanceOf(Malformed.class);
    }
  }

  @Test
  void keyAndTypeCanStandInAnyTopLevelMember() {
    Map<String, String> options =
        Map.of("header", "X-Signature", "key", "body:ref", "type", "body:id");
    assertThat(verify(options, sign("s", options, BODY, null)))
        .isEqualTo(new Genuine("r1", "a4", "a4"));
    for (String body :
        List.of(
            "{}",
            "{\"ref\":1,\"id\":\"a\"}",
            "{\"ref\":\"r\",\"id\":null}",
            "{\"ref\":\"r\",\"id\":\"i\",\"r\\u0065f\":\"s\"}")) {
      assertThat(verify(options, sign("s", options, body, null))).isInstanceOf(Malformed.class);
    }
  }

  @Test
  void hexMayBeUpperCaseButNotMixedAndThePrefixIsExact() {
    TestRequest request = sign("s", GITHUB, BODY, "d-1").with("X-GitHub-Event", "push");
    String hex = request.value("X-Hub-Signature-256").substring("sha256=".length());
    String upper = hex.toUpperCase(Locale.ROOT);

    assertThat(verify(GITHUB, request.replacing("X-Hub-Signature-256", "sha256=" + upper)))
        .isInstanceOf(Genuine.class);
    int letter = hex.replaceAll("[a-f].*", "").length();
    String mixed = upper.substring(0, letter + 1) + hex.substring(letter + 1);
    for (String other :
        List.of(
            hex,
            "sha1=" + hex,
            "SHA256=" + hex,
            "sha256= " + hex,
            "sha256=",
            "",
            "sha256=" + mixed)) {
      assertThat(verify(GITHUB, request.replacing("X-Hub-Signature-256", other)))
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void base64IsComparedInItsOneSpelling() {
    Map<String, String> options = Map.of("header", "X-Signature", "encoding", "base64");
    TestRequest request = sign("s", options, BODY, null);
    String right = request.value("X-Signature");
    assertThat(right).endsWith("=");
    for (String other : List.of(right.replace("=", ""), right + "=", right + " ", " " + right)) {
      assertThat(verify(options, request.replacing("X-Signature", other)))
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void whatASourceCannotHaveIsSaidAtOnce() {
    Map<String, String> options = new HashMap<>();
    options.put("algorithm", "md5");
    options.put("encoding", "base32");
    options.put("prefix", "é");
    options.put("signed", "{timestamp}{id}");
    options.put("timestamp-header", "X Time");
    options.put("tolerance", "5 minutes");
    options.put("key", "query:id");
    options.put("type", "body:");
    options.put("colour", "blue");

    assertThat(Schemes.faults("hmac", "", options))
        .containsExactly(
            "secret: has 0 characters; expected 1 to 1024",
            "options.colour: unknown; expected only algorithm, encoding, header, key, prefix,"
                + " signed, timestamp-header, tolerance, type",
            "options.algorithm: 'md5'; expected sha1, sha256 or sha512",
            "options.encoding: 'base32'; expected hex or base64",
            "options.header: missing; expected the name of the signature's header",
            "options.prefix: 'é'; expected at most 64 printable ASCII characters",
            "options.timestamp-header: 'X Time'; expected a header's name",
            "options.tolerance: '5 minutes'; expected 1s to 24h, such as 300s or 5m",
            "options.key: 'query:id'; expected header:NAME or body:MEMBER",
            "options.type: 'body:'; expected header:NAME or body:MEMBER",
            "options.signed: '{timestamp}{id}'; expected {body} once, {timestamp} and {id} at most"
                + " once, with ASCII text between them that keeps them apart, such as"
                + " {id}.{timestamp}.{body}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          signed={timestamp}.{body}                  | timestamp-header: missing
          timestamp-header=X-Time                    | {timestamp} in it
          tolerance=1m                               | {timestamp} in it
          signed={id}.{body}                         | header:NAME, as signed has {id}
          signed={id}.{body},key=body:ref            | header:NAME, as signed has {id}
          """)
  void optionsThatDoNotFitEachOtherAreRefused(String pairs, String fault) {
    Map<String, String> options = new HashMap<>(Map.of("header", "X-Signature"));
    for (String pair : pairs.split(",", -1)) {
      options.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    }
    assertThat(Schemes.faults("hmac", "s", options)).singleElement().asString().contains(fault);
  }

  @Test
  void whatCannotBeVerifiedIsNotSigned() {
    assertThatThrownBy(() -> sign("s", TIMED, BODY, "a:b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("X-Id");
    assertThatThrownBy(() -> sign("s", GITHUB, BODY, "é"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> sign("s", Map.of(), BODY, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("options.header: missing");
  }

  private Verification verify(Map<String, String> options, TestRequest request) {
    return new Verifier().verify(TestSources.of("hmac", "s", options), request.signed(), NOW);
  }

  private static TestRequest sign(
      String secret, Map<String, String> options, String body, @Nullable String id) {
    return TestRequest.of(
        Schemes.sign("hmac", secret, options, body.getBytes(UTF_8), id, NOW), body);
  }
}
