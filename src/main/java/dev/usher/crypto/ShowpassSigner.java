package dev.usher.crypto;

/**
 * The Showpass signature: HMAC-SHA1 of the payload's top-level {@code id}, both in UTF-8, written
 * in lower-case hexadecimal. It does not cover the body.
 *
 * <p>Not thread-safe: one for each event loop and key.
 */
public final class ShowpassSigner {
  /** Length of the signature before it is written as text. */
  public static final int SIGNATURE_BYTES = Hmac.Algorithm.SHA1.bytes();

  private final Hmac hmac;

  /**
   * A signer with a secret key as people copy it.
   *
   * @throws IllegalArgumentException where the secret is empty or holds an unpaired surrogate
   */
  public ShowpassSigner(String secret) {
    hmac = Hmac.sha1(StrictUtf8.encode(secret));
  }

  /** The signature of {@code id} as its header carries it. */
  public String sign(String id) {
    return Hex.encode(mac(StrictUtf8.encode(id)));
  }

  /** The signature of an id in UTF-8, before it is written as text. */
  public byte[] mac(byte[] id) {
    return hmac.sign(id);
  }
}
