package dev.usher.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.ApiKeyId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTokensTest {
  private static final ApiKeyId ID =
      new ApiKeyId(UUID.fromString("0192a4d0-0000-7000-8000-0123456789ab"));

  @Test
  void aWebhookSecretHolds32RandomBytes() {
    String secret = SecretTokens.webhookSecret();

    assertThat(secret).startsWith("whsec_").hasSize(6 + 44);
    assertThat(StandardWebhooksSigner.key(secret)).hasSize(32);
    assertThat(SecretTokens.webhookSecret()).isNotEqualTo(secret);
  }

  @Test
  void anApiKeyTellsTheIdByWhichItIsFound() {
    String key = SecretTokens.apiKey(ID);

    assertThat(key).matches("key_[0-9a-z]{26}_[0-9a-f]{64}");
    assertThat(SecretTokens.apiKeyId(key)).isEqualTo(ID);
    assertThat(SecretTokens.apiKey(ID)).isNotEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key_", "admin", "a key of exactly thirty letters_"})
  void whatIsNoApiKeyTellsNoId(String text) {
    assertThat(SecretTokens.apiKeyId(text)).isNull();
  }

  @Test
  void anApiKeyWithAnotherLetterAnywhereIsAnotherOrNone() {
    String key = SecretTokens.apiKey(ID);
    for (int i = 0; i < key.length(); i++) {
      String other = key.substring(0, i) + '#' + key.substring(i + 1);
      assertThat(SecretTokens.apiKeyId(other)).isNull();
      assertThat(SecretTokens.apiKeyHash(other)).isNotEqualTo(SecretTokens.apiKeyHash(key));
    }
  }
}
