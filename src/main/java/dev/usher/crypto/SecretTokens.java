package dev.usher.crypto;

import java.security.SecureRandom;
import java.util.Base64;

/** Makes the secrets that we hand out, each from 256 random bits. */
public final class SecretTokens {
  private static final int SECRET_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecretTokens() {}

  /**
   * A new secret of an endpoint or a source: {@code whsec_} and base64, as Standard Webhooks writes
   * it. The string as a whole is also a good key where a scheme takes any text.
   */
  public static String webhookSecret() {
    return StandardWebhooksSigner.SECRET_PREFIX + Base64.getEncoder().encodeToString(random());
  }

  private static byte[] random() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
