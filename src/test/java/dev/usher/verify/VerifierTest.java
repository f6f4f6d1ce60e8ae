package dev.usher.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import dev.usher.verify.Verification.Genuine;
import dev.usher.verify.Verification.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
  private static final Instant NOW = Instant.ofEpochSecond(1614265330);
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String BODY =
      "{\"id\":\"a\",\"event_type\":\"t\",\"webhook_event_uuid\":\"u\"}";

  private final Verifier verifier = new Verifier();

  @Test
  void aChangedSourceIsVerifiedWithItsNewKeysAtOnce() {
    assertThat(verify(showpass("old", 1), "old")).isInstanceOf(Genuine.class);
    assertThat(verify(showpass("new", 2), "old")).isInstanceOf(Refused.class);
    assertThat(verify(showpass("new", 2), "new")).isInstanceOf(Genuine.class);
    assertThat(verifier.kept()).isEqualTo(1);
  }

  @Test
  void aChangedSourceMayChangeItsScheme() {
    verify(showpass("s", 1), "s");
    Source changed =
        TestSources.of(
            "hmac", List.of(new SecretKey("s", null)), Map.of("header", "X-Signature"), 2);

    assertThat(verify(changed, "s")).isInstanceOf(Refused.class);
  }

  @Test
  void sourcesDoNotShareKeys() {
    assertThat(verify(source(1, "one"), "one")).isInstanceOf(Genuine.class);
    assertThat(verify(source(2, "two"), "one")).isInstanceOf(Refused.class);
    assertThat(verify(source(2, "two"), "two")).isInstanceOf(Genuine.class);
    assertThat(verify(source(1, "one"), "two")).isInstanceOf(Refused.class);
  }

  @Test
  void onlySoManySourcesAreKeptReady() {
    for (int i = 0; i < Verifier.SOURCES_KEPT + 100; i++) {
      assertThat(verify(source(i, "secret" + i), "secret" + i)).isInstanceOf(Genuine.class);
    }
    assertThat(verifier.kept()).isEqualTo(Verifier.SOURCES_KEPT);
    assertThat(verify(source(0, "secret0"), "secret0")).isInstanceOf(Genuine.class);
  }

  @Test
  void anAddressThatNamesNoSourceIsAlwaysRefused() {
    for (String body : List.of(BODY, "", "{}", "[", "\u0000", "{\"id\":\"a\",\"id\":\"b\"}")) {
      TestRequest request = TestRequest.of(List.of(), body);
      TestRequest timed = request.with("webhook-id", "m").with("webhook-timestamp", "1614265330");
      for (TestRequest unknown :
          List.of(
              request,
              request.with("X-SHOWPASS-SIGNATURE", "0".repeat(40)),
              request.with("X-SHOWPASS-SIGNATURE", "x").with("X-SHOWPASS-SIGNATURE", "y"),
              timed,
              timed.with("webhook-signature", "v1,x"),
              timed.with("webhook-signature", "v1,x").replacing("webhook-timestamp", "x"))) {
        assertThat(verifier.verifyUnknown(unknown.signed())).isInstanceOf(Refused.class);
      }
    }
    assertThat(verifier.kept()).isZero();
  }

  @Test
  void aSourceThatDoesNotFitItsSchemeRefusesAndSaysWhy() {
    assertRefused(TestSources.of("quantum", "s", Map.of()), "'quantum' is unknown");
    assertRefused(TestSources.of("hmac", "s", Map.of()), "options.header: missing");
    assertRefused(TestSources.of("showpass", "s", Map.of("a", "b")), "options.a: unknown");
    assertRefused(TestSources.of("showpass", "", Map.of()), "none of the source's keys");
    assertRefused(TestSources.of("showpass", List.of(), Map.of(), 1), "none of the source's keys");
    assertRefused(TestSources.of("standard-webhooks", "whsec_!", Map.of()), "none of the source's");
  }

  @Test
  void aKeyThatDoesNotFitItsSchemeDoesNotSpoilTheOthers() {
    Source source =
        TestSources.of(
            "showpass", List.of(new SecretKey("", null), new SecretKey("good", null)), Map.of(), 1);
    assertThat(verify(source, "good")).isInstanceOf(Genuine.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        "application/json ; charset=\"utf-8\"",
        "application/vnd.showpass+json",
        "application/vnd.a+b+json",
        "application/cloudevents+json; charset=utf-8",
        "application/json; version=1"
      })
  void jsonIsAccepted(String contentType) {
    for (String scheme : Schemes.names()) {
      assertThat(verifier.acceptsContentType(TestSources.of(scheme, "s", Map.of()), contentType))
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "text/plain",
        "text/html; application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
        "application/xml",
        "json",
        "application/json, text/plain",
        "application/json; charset=iso-8859-1",
        "application/json; charset=utf-16",
        "application/json; charset =utf-8",
        "application/json; version=1; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16",
        "application/json; charset=\"utf-8",
        "application/+json",
        "image/x+json"
      })
  void otherTypesAndEncodingsAreNot(String contentType) {
    assertThat(verifier.acceptsContentType(showpass("s", 1), contentType)).isFalse();
  }

  @Test
  void anAbsentContentTypeIsLeftToTheBody() {
    assertThat(verifier.acceptsContentType(showpass("s", 1), null)).isTrue();
  }

  @Test
  void theCatalogueKnowsItsSchemes() {
    assertThat(Schemes.names())
        .containsExactly(
            "showpass",
            "standard-webhooks",
            "hmac",
            "stripe",
            "github",
            "shopify",
            "slack",
            "twilio",
            "square",
            "pagerduty",
            "zoom",
            "paddle",
            "mailgun",
            "linear",
            "sendgrid");
    for (String name : Schemes.names()) {
      assertThat(requireNonNull(Schemes.find(name)).name()).isEqualTo(name);
    }
    assertThat(Schemes.find("Showpass")).isNull();
    assertThat(Schemes.faults("none", "s", Map.of()))
        .containsExactly("scheme: 'none'; expected one of " + String.join(", ", Schemes.names()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          showpass          | secret                                  |
          showpass          | It's a Secret to Everybody              |
          showpass          | whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw  |
          standard-webhooks | whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw  |
          standard-webhooks | MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw        |
          standard-webhooks | secret!                                 | secret: is not base64; expected whsec_ and a key in base64
          standard-webhooks | whsec_c2hvcnQ=                          | secret: holds a key of 5 bytes; expected 24 to 75
          """)
  void aSecretMustFitItsScheme(String scheme, String secret, String fault) {
    assertThat(Schemes.faults(scheme, secret, Map.of()))
        .isEqualTo(fault == null ? List.of() : List.of(fault));
  }

  @Test
  void aSecretThatIsNoTextIsRefusedAndNotQuoted() {
    for (String secret : List.of("", "ab\u0000", "ab\ncd", "ab\ud83d", "x".repeat(1_025))) {
      for (String scheme : List.of("showpass", "hmac")) {
        assertThat(Schemes.faults(scheme, secret, Map.of("header", "X")))
            .anySatisfy(fault -> assertThat(fault).startsWith("secret: "))
            .noneSatisfy(fault -> assertThat(fault).contains("ab"));
      }
    }
  }

  @Test
  void aToleranceHasALimit() {
    for (String tolerance : List.of("1", "1s", "5m", "24h", "86400")) {
      assertThat(Schemes.faults("standard-webhooks", SECRET, Map.of("tolerance", tolerance)))
          .isEmpty();
    }
    for (String tolerance : List.of("", "0", "0s", "-5m", "25h", "86401", "5d", "1.5m", "PT5M")) {
      assertThat(Schemes.faults("standard-webhooks", SECRET, Map.of("tolerance", tolerance)))
          .containsExactly(
              "options.tolerance: '" + tolerance + "'; expected 1s to 24h, such as 300s or 5m");
    }
  }

  private void assertRefused(Source source, String reason) {
    Verification verification = new Verifier().verify(source, signed("s"), NOW);
    assertThat(verification).isInstanceOf(Refused.class);
    assertThat(((Refused) verification).reason()).contains(reason);
  }

  private Verification verify(Source source, String secret) {
    return verifier.verify(source, signed(secret), NOW);
  }

  private static SignedRequest signed(String secret) {
    byte[] body = BODY.getBytes(UTF_8);
    return new TestRequest(Schemes.sign("showpass", secret, Map.of(), body, null, NOW), body)
        .signed();
  }

  private static Source showpass(String secret, long revision) {
    return TestSources.of("showpass", List.of(new SecretKey(secret, null)), Map.of(), revision);
  }

  private static Source source(int id, String secret) {
    return new Source(
        new SourceId(new UUID(1, id)),
        new OrganizationId(new UUID(0, 2)),
        "a source",
        "showpass",
        List.of(new SecretKey(secret, null)),
        Map.of(),
        List.of(),
        null,
        1);
  }
}
