package dev.usher.control;

import java.util.UUID;

/** Encrypts what the database must not hold in the clear. Thread-safe. */
public interface SecretSealer {
  /**
   * An encrypted text.
   *
   * @param masterKeyId which master key opens it
   */
  record Sealed(String masterKeyId, byte[] ciphertext) {}

  /** Encrypts {@code text} so that it opens for {@code owner} only. */
  Sealed seal(String text, UUID owner);

  /**
   * The text that was sealed for {@code owner}.
   *
   * @throws RuntimeException where the master key is unknown, or the text was sealed for another
   */
  String open(Sealed sealed, UUID owner);
}
