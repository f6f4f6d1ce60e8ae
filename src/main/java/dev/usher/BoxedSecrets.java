package dev.usher;

import dev.usher.control.SecretSealer;
import dev.usher.crypto.SecretBox;
import dev.usher.registry.SecretOpener;
import java.util.UUID;

/** Lends one {@link SecretBox} to those who seal secrets and those who open them. */
final class BoxedSecrets implements SecretSealer, SecretOpener {
  private final SecretBox box;

  BoxedSecrets(byte[] masterKey) {
    this.box = new SecretBox(masterKey);
  }

  @Override
  public Sealed seal(String text, UUID owner) {
    SecretBox.Sealed sealed = box.seal(text, owner);
    return new Sealed(sealed.keyId(), sealed.ciphertext());
  }

  @Override
  public String open(Sealed sealed, UUID owner) {
    return open(sealed.masterKeyId(), sealed.ciphertext(), owner);
  }

  @Override
  public String open(String masterKeyId, byte[] ciphertext, UUID owner) {
    return box.open(new SecretBox.Sealed(masterKeyId, ciphertext), owner);
  }
}
