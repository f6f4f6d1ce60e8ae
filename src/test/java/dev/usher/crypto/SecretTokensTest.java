package dev.usher.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretTokensTest {
  @Test
  void aWebhookSecretHolds32RandomBytes() {
    String secret = SecretTokens.webhookSecret();

    assertThat(secret).startsWith("whsec_").hasSize(6 + 44);
    assertThat(StandardWebhooksSigner.key(secret)).hasSize(32);
    assertThat(SecretTokens.webhookSecret()).isNotEqualTo(secret);
  }
}
