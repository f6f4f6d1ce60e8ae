package dev.usher.crypto;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The symmetric signature of Standard Webhooks 1.0: {@code v1,} and the base64 of HMAC-SHA256 over
 * {@code id.timestamp.body}.
 *
 * <p>Not thread-safe: one for each event loop and key.
 */
public final class StandardWebhooksSigner {
  /** What a secret begins with; base64 of its bytes follows. */
  public static final String SECRET_PREFIX = "whsec_";

  /** What a signature of this kind begins with. */
  public static final String SIGNATURE_PREFIX = "v1,";

  private static final Base64.Encoder BASE64 = Base64.getEncoder();

  private final Hmac hmac;

  /**
   * A signer with a key's bytes.
   *
   * @throws IllegalArgumentException where there are none
   */
  public StandardWebhooksSigner(byte[] key) {
    hmac = Hmac.sha256(key);
  }

  /**
   * A signer with the key that {@link #key} finds in {@code secret}, or null where it finds none.
   */
  public static @Nullable StandardWebhooksSigner of(String secret) {
    byte @Nullable [] key = key(secret);
    return key == null ? null : new StandardWebhooksSigner(key);
  }

  /**
   * The key in a secret as people copy it: base64, with {@code whsec_} before it or without, as the
   * published libraries take it, padded or not. Null where the rest is not base64 of at least one
   * byte in the one spelling that encoding gives (RFC 4648, section 3.5).
   */
  public static byte @Nullable [] key(String secret) {
    String base64 =
        secret.startsWith(SECRET_PREFIX) ? secret.substring(SECRET_PREFIX.length()) : secret;
    try {
      byte[] key = Base64.getDecoder().decode(base64);
      boolean canonical =
          base64.equals(BASE64.encodeToString(key))
              || base64.equals(BASE64.withoutPadding().encodeToString(key));
      return canonical && key.length > 0 ? key : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * The signature of a message as its header carries it.
   *
   * @param id in ASCII, without a full stop
   * @param timestampSeconds since 1970
   */
  public String sign(String id, long timestampSeconds, byte[] body) {
    byte[] timestamp = Long.toString(timestampSeconds).getBytes(StandardCharsets.US_ASCII);
    byte[] base64 = base64(id.getBytes(StandardCharsets.US_ASCII), timestamp, body);
    return SIGNATURE_PREFIX + new String(base64, StandardCharsets.ISO_8859_1);
  }

  /** What follows the prefix in a signature, as ASCII bytes: for comparing with what was given. */
  public byte[] base64(byte[] id, byte[] timestamp, byte[] body) {
    byte[] mac = hmac.update(id).update('.').update(timestamp).update('.').update(body).finish();
    return BASE64.encode(mac);
  }
}
