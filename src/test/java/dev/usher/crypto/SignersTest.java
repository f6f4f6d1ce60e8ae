package dev.usher.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What we sign with, against published vectors and the published library. */
class SignersTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @ParameterizedTest
  @ValueSource(strings = {SECRET, "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"})
  void standardWebhooksSignsItsPublishedVector(String secret) {
    StandardWebhooksSigner signer = requireNonNull(StandardWebhooksSigner.of(secret));

    assertThat(
            signer.sign(
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                "{\"test\": 2432232314}".getBytes(UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void whatWeSignVerifiesWithThePublishedLibrary() throws WebhookVerificationException {
    String body = "{\"type\":\"invoice.purchase\",\"name\":\"Anaïs 😀\"}";
    long now = Instant.now().getEpochSecond(); // the library reads the clock itself
    String secret = SecretTokens.webhookSecret();
    StandardWebhooksSigner signer = requireNonNull(StandardWebhooksSigner.of(secret));
    HttpHeaders headers =
        HttpHeaders.of(
            Map.of(
                "webhook-id", List.of("evt_1"),
                "webhook-timestamp", List.of(Long.toString(now)),
                "webhook-signature", List.of(signer.sign("evt_1", now, body.getBytes(UTF_8)))),
            (name, value) -> true);

    new Webhook(secret).verify(body, headers);
    assertThatThrownBy(() -> new Webhook(secret).verify(body + " ", headers))
        .isInstanceOf(WebhookVerificationException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "whsec_",
        "whsec_*",
        "not base64!",
        "whsec_MfKQ9r8GKYqrTw\n",
        "whsec_AB==",
        "AA===",
        "A"
      })
  void aSecretThatIsNotBase64HasNoKey(String secret) {
    assertThat(StandardWebhooksSigner.key(secret)).isNull();
    assertThat(StandardWebhooksSigner.of(secret)).isNull();
  }

  @Test
  void aSecretMayLackItsPadding() {
    assertThat(StandardWebhooksSigner.key("whsec_AQ==")).containsExactly(1);
    assertThat(StandardWebhooksSigner.key("AQ")).containsExactly(1);
  }

  @Test
  void showpassSignsTheIdInLowerCaseHex() {
    // RFC 2202, section 3, test case 2
    assertThat(new ShowpassSigner("Jefe").sign("what do ya want for nothing?"))
        .isEqualTo("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  }

  @Test
  void showpassSignsUtf8AndNeverAReplacementForIt() {
    ShowpassSigner signer = new ShowpassSigner("clé");

    assertThat(signer.sign("Anaïs")).isEqualTo(Hex.encode(signer.mac("Anaïs".getBytes(UTF_8))));
    assertThatThrownBy(() -> signer.sign("\ud83d")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new ShowpassSigner(""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty");
  }
}
