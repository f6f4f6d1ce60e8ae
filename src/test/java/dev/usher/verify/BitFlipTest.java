package dev.usher.verify;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.crypto.SecretTokens;
import dev.usher.event.Source;
import dev.usher.verify.Verification.Genuine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One bit changed anywhere in what a signature covers makes the request not genuine. */
class BitFlipTest {
  private static final Instant NOW = Instant.ofEpochSecond(1614265330);
  private static final String BODY =
      "{\"id\":\"a4-2291 é\",\"event_type\":\"t\",\"type\":\"t\",\"webhook_event_uuid\":\"65\"}";

  /**
   * A source and a request to it.
   *
   * @param signedFrom where in the body the signed bytes begin
   * @param signedTo where they end
   * @param bound the headers that the signature covers or consists of
   */
  record Case(
      String scheme,
      String secret,
      Map<String, String> options,
      int signedFrom,
      int signedTo,
      List<String> bound) {
    TestRequest request() {
      byte[] body = BODY.getBytes(UTF_8);
      String id = scheme.equals("showpass") ? null : "msg-1";
      return new TestRequest(Schemes.sign(scheme, secret, options, body, id, NOW), body);
    }

    Verification verify(String otherSecret, TestRequest request) {
      Source source = TestSources.of(scheme, otherSecret, options);
      return new Verifier().verify(source, request.signed(), NOW);
    }
  }

  static Stream<Case> cases() {
    int length = BODY.getBytes(UTF_8).length;
    int idEnd = 7 + "a4-2291 é".getBytes(UTF_8).length;
    Map<String, String> timed =
        Map.of(
            "header", "X-Sig",
            "signed", "{id}.{timestamp}.{body}",
            "timestamp-header", "X-Time",
            "key", "header:X-Id");
    Map<String, String> base64 =
        Map.of("header", "X-Sig", "encoding", "base64", "algorithm", "sha512", "prefix", "p=");
    return Stream.of(
        new Case("showpass", "f3b1 clé", Map.of(), 7, idEnd, List.of("X-SHOWPASS-SIGNATURE")),
        new Case(
            "standard-webhooks",
            SecretTokens.webhookSecret(),
            Map.of(),
            0,
            length,
            List.of("webhook-id", "webhook-timestamp", "webhook-signature")),
        new Case("hmac", "secret", timed, 0, length, List.of("X-Id", "X-Time", "X-Sig")),
        new Case("hmac", "secret", base64, 0, length, List.of("X-Sig")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void unchangedItIsGenuine(Case c) {
    assertThat(c.verify(c.secret(), c.request())).isInstanceOf(Genuine.class);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noBitOfTheSignedBytesCanChange(Case c) {
    TestRequest request = c.request();
    for (int bit = 8 * c.signedFrom(); bit < 8 * c.signedTo(); bit++) {
      TestRequest changed = new TestRequest(request.headers(), flip(request.body(), bit));
      assertThat(c.verify(c.secret(), changed)).isNotInstanceOf(Genuine.class);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noBitOfTheHeadersCanChange(Case c) {
    TestRequest request = c.request();
    for (String name : c.bound()) {
      byte[] value = request.value(name).getBytes(ISO_8859_1);
      for (int bit = 0; bit < 8 * value.length; bit++) {
        String changed = new String(flip(value, bit), ISO_8859_1);
        assertThat(c.verify(c.secret(), request.replacing(name, changed)))
            .as("%s: %s", name, changed)
            .isNotInstanceOf(Genuine.class);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noBitOfTheKeyCanChange(Case c) {
    TestRequest request = c.request();
    byte[] secret = c.secret().getBytes(ISO_8859_1);
    for (int bit = 0; bit < 8 * secret.length; bit++) {
      String changed = new String(flip(secret, bit), ISO_8859_1);
      assertThat(c.verify(changed, request)).isNotInstanceOf(Genuine.class);
    }
  }

  /**
   * Showpass signs the id alone; whatever else changes, the id that verifies is the one that was
   * signed.
   */
  @ParameterizedTest
  @MethodSource("cases")
  void aGenuineEventCarriesTheSignedId(Case c) {
    TestRequest request = c.request();
    for (int bit = 0; bit < 8 * request.body().length; bit++) {
      TestRequest changed = new TestRequest(request.headers(), flip(request.body(), bit));
      if (c.verify(c.secret(), changed) instanceof Genuine genuine) {
        assertThat(genuine.payloadId()).isEqualTo("a4-2291 é");
      }
    }
  }

  private static byte[] flip(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return flipped;
  }
}
