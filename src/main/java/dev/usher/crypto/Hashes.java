package dev.usher.crypto;

import dev.usher.event.Hash128;
import java.nio.ByteBuffer;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The hashes by which events are told apart: SHA-256, of which 128 bits are kept.
 *
 * <p>Not thread-safe: one for each event loop.
 */
public final class Hashes {
  private static final int UUID_BYTES = 16;

  private final MessageDigest sha256 = newSha256();
  private final byte[] digest = new byte[sha256.getDigestLength()];
  private final ByteBuffer scopeBytes = ByteBuffer.allocate(UUID_BYTES);

  /** The hash of a body, byte by byte as received. */
  public Hash128 ofBody(byte[] body) {
    sha256.update(body);
    return finish();
  }

  /**
   * The hash of an idempotency key within its scope. The scope goes first and always takes 16
   * bytes, so no other scope and key are the same bytes.
   *
   * @param scope the source's id, or the organization's for what is published over the API
   * @throws IllegalArgumentException where the key holds an unpaired surrogate
   */
  public Hash128 ofKey(UUID scope, String key) {
    scopeBytes.putLong(0, scope.getMostSignificantBits());
    scopeBytes.putLong(Long.BYTES, scope.getLeastSignificantBits());
    byte[] keyBytes = StrictUtf8.encode(key); // may throw: before anything is added
    sha256.update(scopeBytes.array());
    sha256.update(keyBytes);
    return finish();
  }

  private Hash128 finish() {
    try {
      sha256.digest(digest, 0, digest.length);
    } catch (DigestException e) {
      throw new IllegalStateException("the buffer has the length of the digest", e);
    }
    return Hash128.of(digest, 0);
  }

  static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
