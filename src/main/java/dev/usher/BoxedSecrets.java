package dev.usher;

import dev.usher.control.SecretSealer;
import dev.usher.crypto.SecretBox;
import dev.usher.registry.SecretOpener;
import java.util.List;
import java.util.UUID;

/** Lends one {@link SecretBox} to those who seal secrets and those who open them. */
final class BoxedSecrets implements SecretSealer, SecretOpener {
  private final SecretBox box;

  /**
   * @param masterKeys the first seals, each of them opens
   */
  BoxedSecrets(List<byte[]> masterKeys) {
    this.box = new SecretBox(masterKeys.getFirst(), masterKeys.subList(1, masterKeys.size()));
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
