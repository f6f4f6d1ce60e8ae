package dev.usher.registry;

import java.util.UUID;

/** Decrypts a stored secret. */
@FunctionalInterface
public interface SecretOpener {

  /**
   * The secret's text.
   *
   * @param masterKeyId which master key it is encrypted under
   * @param owner the source or endpoint that it was encrypted for
   * @throws RuntimeException where it cannot be decrypted; the message is logged
   */
  String open(String masterKeyId, byte[] ciphertext, UUID owner);
}
