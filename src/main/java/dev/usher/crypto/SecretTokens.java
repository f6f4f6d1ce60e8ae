package dev.usher.crypto;

import dev.usher.event.ApiKeyId;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the secrets that we hand out, each from 256 random bits. */
public final class SecretTokens {
  private static final int SECRET_BYTES = 32;
  private static final int API_KEY_ID_LENGTH = 30; // key_ and 26 characters
  private static final int API_KEY_LENGTH = API_KEY_ID_LENGTH + 1 + 2 * SECRET_BYTES;
  private static final SecureRandom RANDOM = new SecureRandom();

  private SecretTokens() {}

  /**
   * A new secret of an endpoint or a source: {@code whsec_} and base64, as Standard Webhooks writes
   * it. The string as a whole is also a good key where a scheme takes any text.
   */
  public static String webhookSecret() {
    return StandardWebhooksSigner.SECRET_PREFIX + Base64.getEncoder().encodeToString(random());
  }

  /** A new API key: the id by which it is found, {@code _}, and 64 hexadecimal digits of secret. */
  public static String apiKey(ApiKeyId id) {
    return id + "_" + Hex.encode(random());
  }

  /** Which API key {@code text} claims to be, or null where it has not the form of one. */
  public static @Nullable ApiKeyId apiKeyId(String text) {
    boolean formed =
        text.length() == API_KEY_LENGTH
            && text.charAt(API_KEY_ID_LENGTH) == '_'
            && Hex.decodeLower(text.substring(API_KEY_ID_LENGTH + 1), SECRET_BYTES) != null;
    return formed ? ApiKeyId.parse(text.substring(0, API_KEY_ID_LENGTH)) : null;
  }

  /**
   * What is kept of an API key: SHA-256 of the whole text. A slow hash is for passwords that people
   * choose; nobody guesses 256 random bits. Compare it with {@link ConstantTime#equal}.
   */
  public static byte[] apiKeyHash(String text) {
    return Hashes.newSha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] random() {
    byte[] bytes = new byte[SECRET_BYTES];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
