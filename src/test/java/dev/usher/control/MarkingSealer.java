package dev.usher.control;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;

/** Stands for real encryption: unreadable in the database, and bound to its owner. */
final class MarkingSealer implements SecretSealer {
  @Override
  public Sealed seal(String text, UUID owner) {
    byte[] bytes = (owner + text).getBytes(StandardCharsets.UTF_8);
    return new Sealed("test-key", Base64.getEncoder().encode(bytes));
  }

  @Override
  public String open(Sealed sealed, UUID owner) {
    String text =
        new String(Base64.getDecoder().decode(sealed.ciphertext()), StandardCharsets.UTF_8);
    if (!text.startsWith(owner.toString())) {
      throw new IllegalStateException("sealed for another owner");
    }
    return text.substring(owner.toString().length());
  }
}
