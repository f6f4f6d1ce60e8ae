package dev.usher.crypto;

/** SHA-256 (FIPS 180-4) of whole messages. Thread-safe. */
public final class Sha256 {
  private Sha256() {}

  /** The 32 bytes of the digest of {@code message}. */
  public static byte[] of(byte[] message) {
    return Hashes.newSha256().digest(message);
  }
}
