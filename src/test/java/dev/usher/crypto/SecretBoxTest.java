package dev.usher.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usher.crypto.SecretBox.Sealed;
import dev.usher.crypto.SecretBox.UnopenableException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SecretBoxTest {
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final UUID OWNER = new UUID(1, 2);

  private final SecretBox box = new SecretBox(masterKey(1));

  @Test
  void whatIsSealedOpensForItsOwner() {
    for (String secret : List.of(SECRET, "", "It's a Secret to Everybody", "clé 😀")) {
      assertThat(box.open(box.seal(secret, OWNER), OWNER)).isEqualTo(secret);
    }
  }

  @Test
  void theSameSecretIsNeverSealedTheSameWay() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      assertThat(seen.add(Hex.encode(box.seal(SECRET, OWNER).ciphertext()))).isTrue();
    }
  }

  @Test
  void theKeyIdIsTheBeginningOfTheKeysHash() {
    byte[] hash = Hashes.newSha256().digest(masterKey(1));

    assertThat(box.seal(SECRET, OWNER).keyId())
        .isEqualTo(Hex.encode(hash).substring(0, 8))
        .isEqualTo(box.currentKeyId());
  }

  @Test
  void aCiphertextMovedToAnotherOwnerDoesNotOpen() {
    Sealed sealed = box.seal(SECRET, OWNER);

    assertThatThrownBy(() -> box.open(sealed, new UUID(1, 3)))
        .isInstanceOf(UnopenableException.class)
        .hasMessageContaining(sealed.keyId());
  }

  @Test
  void aCiphertextWithAnyBitFlippedDoesNotOpen() {
    Sealed sealed = box.seal(SECRET, OWNER);
    for (int bit = 0; bit < 8 * sealed.ciphertext().length; bit++) {
      byte[] flipped = sealed.ciphertext().clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Sealed damaged = new Sealed(sealed.keyId(), flipped);
      assertThatThrownBy(() -> box.open(damaged, OWNER)).isInstanceOf(UnopenableException.class);
    }
  }

  @Test
  void aCiphertextCutShortDoesNotOpen() {
    Sealed sealed = box.seal(SECRET, OWNER);
    for (int length = 0; length < sealed.ciphertext().length; length++) {
      Sealed cut = new Sealed(sealed.keyId(), Arrays.copyOf(sealed.ciphertext(), length));
      assertThatThrownBy(() -> box.open(cut, OWNER)).isInstanceOf(UnopenableException.class);
    }
  }

  @Test
  void anEarlierMasterKeyStillOpensAndTheCurrentOneSeals() {
    Sealed before = box.seal(SECRET, OWNER);
    SecretBox rotated = new SecretBox(masterKey(2), List.of(masterKey(1)));

    assertThat(rotated.open(before, OWNER)).isEqualTo(SECRET);
    assertThat(rotated.seal(SECRET, OWNER).keyId()).isNotEqualTo(before.keyId());
  }

  @Test
  void aMissingMasterKeyIsNamedWithThoseThatAreThere() {
    Sealed sealed = box.seal(SECRET, OWNER);
    SecretBox other = new SecretBox(masterKey(2));

    assertThatThrownBy(() -> other.open(sealed, OWNER))
        .isInstanceOf(UnopenableException.class)
        .hasMessageContaining(sealed.keyId())
        .hasMessageContaining(other.currentKeyId());
  }

  @Test
  void aMasterKeyOfAnotherLengthIsRefused() {
    for (int length : new int[] {0, 16, 24, 31, 33}) {
      assertThatThrownBy(() -> new SecretBox(new byte[length]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a master key has " + length + " bytes; expected 32");
    }
  }

  private static byte[] masterKey(int fill) {
    byte[] key = new byte[SecretBox.MASTER_KEY_BYTES];
    Arrays.fill(key, (byte) fill);
    return key;
  }
}
