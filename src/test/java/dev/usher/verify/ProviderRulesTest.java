package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.verify.Verification.Genuine;
import dev.usher.verify.Verification.Malformed;
import dev.usher.verify.Verification.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for the scheme of every provider. */
class ProviderRulesTest {
  private static final Instant NOW = ProviderCase.NOW;

  static Stream<ProviderCase> all() {
    return ProviderCase.all();
  }

  static Stream<ProviderCase> timed() {
    return all().filter(ProviderCase::isTimed);
  }

  static Stream<ProviderCase> untimed() {
    return all().filter(c -> !c.isTimed());
  }

  /** All but Mailgun, whose signature is in the body. */
  static Stream<ProviderCase> signedInHeaders() {
    return all().filter(c -> !c.signed().isEmpty());
  }

  @Test
  void everySchemeIsHere() {
    assertThat(all().map(ProviderCase::scheme).distinct())
        .containsExactlyElementsOf(
            Schemes.names().stream()
                .filter(name -> !List.of("showpass", "standard-webhooks", "hmac").contains(name))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("all")
  void whatTheProviderSignsIsGenuineWithItsKeyAndType(ProviderCase c) {
    Verification verification = c.verify(c.request());
    assertThat(verification).isInstanceOf(Genuine.class);
    Genuine genuine = (Genuine) verification;
    assertThat(genuine.type()).isEqualTo(c.type());
    if (c.key().startsWith("sha256:")) {
      assertThat(genuine.key()).matches("sha256:[0-9a-f]{64}");
    } else {
      assertThat(genuine.key()).isEqualTo(c.key());
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anotherKeyIsRefusedAndTheReasonTellsNoSecret(ProviderCase c) {
    String other = requireNonNull(Schemes.find(c.scheme())).newSecret();
    Verification verification = c.verify(c.request(), List.of(new SecretKey(other, null)), NOW);
    assertThat(verification).isInstanceOf(Refused.class);
    assertThat(((Refused) verification).reason())
        .contains("differs", "has 1 valid key")
        .doesNotContain(other)
        .doesNotContain(c.secret());
  }

  @ParameterizedTest
  @MethodSource("all")
  void duringARotationBothKeysVerifyUntilTheEarlierOneExpires(ProviderCase c) {
    String newer = requireNonNull(Schemes.find(c.scheme())).newSecret();
    List<SecretKey> keys =
        List.of(new SecretKey(newer, null), new SecretKey(c.secret(), NOW.plusSeconds(1)));
    assertThat(c.verify(c.request(), keys, NOW)).isInstanceOf(Genuine.class);
    assertThat(c.verify(c.request(), keys, NOW.plusSeconds(1))).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @MethodSource("signedInHeaders")
  void withoutOneOfItsHeadersItIsRefusedAndWithOneTwiceMalformed(ProviderCase c) {
    for (String name : c.signed()) {
      assertThat(c.verify(c.request().without(name))).isInstanceOf(Refused.class);
      TestRequest twice = c.request().with(name, c.request().value(name));
      assertThat(c.verify(twice)).isInstanceOf(Malformed.class);
    }
  }

  @ParameterizedTest
  @MethodSource("signedInHeaders")
  void anEmptyOrOverlongSignatureIsRefused(ProviderCase c) {
    String name = c.signed().getFirst();
    for (String value :
        List.of("", " ", ",", ";", "=", "v0=", "v1=", "sha256=", "a".repeat(8_000))) {
      assertThat(c.verify(c.request().replacing(name, value))).isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @MethodSource("timed")
  void theTimeMayLieFiveMinutesToEitherSide(ProviderCase c) {
    for (long seconds : List.of(-300L, -299L, 0L, 299L, 300L)) {
      assertThat(c.verify(c.request(), NOW.plusSeconds(seconds))).isInstanceOf(Genuine.class);
    }
    for (long seconds : List.of(-86_400L, -301L, 301L, 86_400L)) {
      assertThat(c.verify(c.request(), NOW.plusSeconds(seconds))).isInstanceOf(Refused.class);
    }
  }

  @ParameterizedTest
  @MethodSource("timed")
  void theToleranceIsTheSourcesOwn(ProviderCase c) {
    Source narrow = TestSources.of(c.scheme(), c.secret(), Map.of("tolerance", "10s"));
    for (long seconds : List.of(-10L, 10L)) {
      assertThat(verify(narrow, c.request(), NOW.plusSeconds(seconds))).isInstanceOf(Genuine.class);
    }
    for (long seconds : List.of(-11L, 11L)) {
      assertThat(verify(narrow, c.request(), NOW.plusSeconds(seconds))).isInstanceOf(Refused.class);
    }
    assertThat(Schemes.faults(c.scheme(), c.secret(), Map.of("tolerance", "none")))
        .containsExactly("options.tolerance: 'none'; expected 1s to 24h, such as 300s or 5m");
  }

  @ParameterizedTest
  @MethodSource("untimed")
  void whereNoTimeIsSignedThereIsNoToleranceToSet(ProviderCase c) {
    assertThat(c.verify(c.request(), NOW.plus(Duration.ofDays(365)))).isInstanceOf(Genuine.class);
    assertThat(Schemes.faults(c.scheme(), c.secret(), Map.of("tolerance", "5m")))
        .singleElement()
        .asString()
        .startsWith("options.tolerance: unknown");
  }

  @ParameterizedTest
  @MethodSource("all")
  void noBitOfTheSignedBodyCanChange(ProviderCase c) {
    byte[] body = c.request().body();
    int from = c.scheme().equals("mailgun") ? c.body().indexOf("\"signature\"") : 0;
    int to = c.scheme().equals("mailgun") ? c.body().indexOf('}') + 1 : body.length;
    for (int bit = 8 * from; bit < 8 * to; bit++) {
      byte[] changed = flip(body, bit);
      Verification verification = c.verify(new TestRequest(c.headers(), changed));
      if (verification instanceof Genuine) {
        // The digits of an escape in a form count the same in either case: %2b is %2B.
        assertThat(c.scheme()).isEqualTo("twilio");
        assertThat(Form.parse(changed)).isEqualTo(Form.parse(body));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noBitOfTheSignaturesHeadersCanChange(ProviderCase c) {
    for (String name : c.signed()) {
      byte[] value = c.request().value(name).getBytes(ISO_8859_1);
      for (int bit = 0; bit < 8 * value.length; bit++) {
        String changed = new String(flip(value, bit), ISO_8859_1);
        assertThat(c.verify(c.request().replacing(name, changed)))
            .as("%s: %s", name, changed)
            .isNotInstanceOf(Genuine.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noBitOfTheKeyCanChange(ProviderCase c) {
    byte[] secret = c.secret().getBytes(ISO_8859_1);
    for (int bit = 0; bit < 8 * secret.length; bit++) {
      String changed = new String(flip(secret, bit), ISO_8859_1);
      List<SecretKey> keys = List.of(new SecretKey(changed, null));
      assertThat(c.verify(c.request(), keys, NOW)).isNotInstanceOf(Genuine.class);
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noBitOfTheAddressCanChangeWhereItIsSigned(ProviderCase c) {
    if (!List.of("twilio", "square").contains(c.scheme())) {
      Verification elsewhere =
          new Verifier().verify(c.source(), c.request().signed("http://elsewhere/"), NOW);
      assertThat(elsewhere).isInstanceOf(Genuine.class);
      return;
    }
    byte[] url = TestRequest.URL.getBytes(ISO_8859_1);
    for (int bit = 0; bit < 8 * url.length; bit++) {
      String changed = new String(flip(url, bit), ISO_8859_1);
      assertThat(new Verifier().verify(c.source(), c.request().signed(changed), NOW))
          .as(changed)
          .isNotInstanceOf(Genuine.class);
    }
  }

  /** Flips at random: several bits at once, anywhere in the request, with fixed seeds. */
  @ParameterizedTest
  @MethodSource("signedInHeaders")
  void noHandfulOfBitsCanChange(ProviderCase c) {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      TestRequest request = c.request();
      for (int i = random.nextInt(1, 6); i > 0; i--) {
        int part = random.nextInt(c.signed().size() + 1);
        if (part == c.signed().size()) {
          byte[] body = request.body();
          request = new TestRequest(request.headers(), flip(body, random.nextInt(8 * body.length)));
        } else {
          String name = c.signed().get(part);
          byte[] value = request.value(name).getBytes(ISO_8859_1);
          String changed = new String(flip(value, random.nextInt(8 * value.length)), ISO_8859_1);
          request = request.replacing(name, changed);
        }
      }
      if (!isSame(request, c)) {
        assertThat(c.verify(request)).as("seed %d", seed).isNotInstanceOf(Genuine.class);
      }
    }
  }

  /** Two flips may undo each other, or only change the case of an escape's digit. */
  private static boolean isSame(TestRequest request, ProviderCase c) {
    boolean sameHeaders =
        c.signed().stream().allMatch(n -> request.value(n).equals(c.request().value(n)));
    boolean sameBody =
        c.scheme().equals("twilio")
            ? Objects.equals(Form.parse(request.body()), Form.parse(c.request().body()))
            : new String(request.body(), ISO_8859_1)
                .equals(new String(c.request().body(), ISO_8859_1));
    return sameHeaders && sameBody;
  }

  @ParameterizedTest
  @MethodSource("all")
  void aRequestToNoSourceIsRefusedWhateverItsScheme(ProviderCase c) {
    assertThat(new Verifier().verifyUnknown(c.request().signed())).isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @MethodSource("all")
  void aRequestIsOfTheSchemeThatItsHeadersTell(ProviderCase c) {
    // A public-key signature is too dear to be verified for whoever knows no source.
    String scheme = c.scheme().equals("sendgrid") ? "mailgun" : c.scheme();
    assertThat(Schemes.marked(c.request().signed().headers()).name()).isEqualTo(scheme);
  }

  @ParameterizedTest
  @MethodSource("all")
  void onlyTheContentTypesThatItSendsAreTaken(ProviderCase c) {
    boolean sendsForms = List.of("slack", "twilio").contains(c.scheme());
    Verifier verifier = new Verifier();
    for (String type : List.of("application/json", "application/json; charset=utf-8")) {
      assertThat(verifier.acceptsContentType(c.source(), type)).isTrue();
    }
    for (String form :
        List.of(
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=utf-8",
            "Application/X-WWW-Form-Urlencoded")) {
      assertThat(verifier.acceptsContentType(c.source(), form)).isEqualTo(sendsForms);
    }
    for (String type : List.of("", "text/plain", "application/xml", "multipart/form-data")) {
      assertThat(verifier.acceptsContentType(c.source(), type)).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void anUnknownOptionAndASecretThatIsNoTextAreFaults(ProviderCase c) {
    assertThat(Schemes.faults(c.scheme(), c.secret(), Map.of())).isEmpty();
    assertThat(Schemes.faults(c.scheme(), c.secret(), Map.of("colour", "red")))
        .singleElement()
        .asString()
        .startsWith("options.colour: unknown; expected");
    for (String secret : List.of("", "a\u0000b", "a\nb", "a\ud83d", "x".repeat(1_025))) {
      assertThat(Schemes.faults(c.scheme(), secret, Map.of()))
          .singleElement()
          .asString()
          .startsWith("secret: ");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void aGeneratedSecretFitsItsSchemeAndIsAnotherOneEachTime(ProviderCase c) {
    SignatureScheme scheme = requireNonNull(Schemes.find(c.scheme()));
    assertThat(scheme.secretFaults(scheme.newSecret())).isEmpty();
    assertThat(scheme.newSecret()).isNotEqualTo(scheme.newSecret());
  }

  @ParameterizedTest
  @MethodSource("signedInHeaders")
  void aGenuineBodyThatIsNotWhatTheProviderSendsIsMalformed(ProviderCase c) {
    boolean isForm = c.headers().getFirst().value().contains("form");
    if (c.scheme().equals("sendgrid") || isForm) {
      return; // signed by a key that we have not, or not JSON
    }
    SignatureScheme scheme = requireNonNull(Schemes.find(c.scheme()));
    for (String body :
        List.of("", "[]", "null", "{", "Hello, World!", "{\"a\":1,\"a\":2}", "{} {}", "\uFEFF{}")) {
      byte[] bytes = body.getBytes(UTF_8);
      var request =
          new SignatureScheme.UnsignedRequest(bytes, "72d3162e", NOW, TestRequest.URL, null);
      TestRequest signed = new TestRequest(scheme.sign(c.secret(), Map.of(), request), bytes);
      assertThat(c.verify(signed)).as(body).isInstanceOf(Malformed.class);
      assertThat(c.verify(signed.withBody(body + " "))).as(body).isInstanceOf(Refused.class);
    }
  }

  private static Verification verify(Source source, TestRequest request, Instant now) {
    return new Verifier().verify(source, request.signed(), now);
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }
}
