package dev.usher.crypto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts the secrets that the database keeps, by AES-256-GCM (NIST SP 800-38D) under a master
 * key. The owner's id is authenticated with each, so a ciphertext copied to another owner does not
 * open. Nonces are random: safe for 2<sup>32</sup> secrets under one master key.
 *
 * <p>Thread-safe.
 */
public final class SecretBox {
  /** Length of a master key. */
  public static final int MASTER_KEY_BYTES = 32;

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int KEY_ID_BYTES = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * An encrypted secret.
   *
   * @param keyId which master key opens it: the first 8 hexadecimal digits of the key's SHA-256
   * @param ciphertext 12 bytes of nonce, the encrypted text, 16 bytes of tag
   */
  public record Sealed(String keyId, byte[] ciphertext) {}

  /** A secret that does not open. The message names the master key, never the secret. */
  public static final class UnopenableException extends RuntimeException {
    private UnopenableException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final String currentKeyId;
  private final Map<String, SecretKeySpec> masterKeys = new LinkedHashMap<>();

  /**
   * A box that seals with {@code current}, and opens what was sealed with it or with an earlier
   * key.
   *
   * @throws IllegalArgumentException where a key is not of 32 bytes
   */
  public SecretBox(byte[] current, List<byte[]> earlier) {
    currentKeyId = add(current);
    earlier.forEach(this::add);
  }

  /** A box with one master key. */
  public SecretBox(byte[] masterKey) {
    this(masterKey, List.of());
  }

  /** The id of the master key that seals: what is sealed under another is due to be sealed anew. */
  public String currentKeyId() {
    return currentKeyId;
  }

  /** The ids of the other master keys: they open only. */
  public List<String> earlierKeyIds() {
    return masterKeys.keySet().stream().filter(id -> !id.equals(currentKeyId)).toList();
  }

  /** Encrypts the {@code secret} of {@code owner} under the current master key. */
  public Sealed seal(String secret, UUID owner) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    byte[] text = StrictUtf8.encode(secret);
    byte[] sealed = Arrays.copyOf(nonce, NONCE_BYTES + text.length + TAG_BYTES);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, currentKeyId, nonce, owner);
      cipher.doFinal(text, 0, text.length, sealed, NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing under master key " + currentKeyId + " failed", e);
    }
    return new Sealed(currentKeyId, sealed);
  }

  /**
   * Decrypts what was sealed for {@code owner}.
   *
   * @throws UnopenableException where the master key is not here, or the ciphertext was damaged or
   *     belongs to another owner
   */
  public String open(Sealed sealed, UUID owner) {
    if (!masterKeys.containsKey(sealed.keyId())) {
      throw new UnopenableException(
          "a secret is sealed under master key %s, which is not configured (configured: %s)"
              .formatted(sealed.keyId(), String.join(", ", masterKeys.keySet())),
          null);
    }
    byte[] bytes = sealed.ciphertext();
    if (bytes.length < NONCE_BYTES + TAG_BYTES) {
      throw damaged(sealed, owner, null);
    }
    try {
      byte[] nonce = Arrays.copyOf(bytes, NONCE_BYTES);
      Cipher cipher = cipher(Cipher.DECRYPT_MODE, sealed.keyId(), nonce, owner);
      byte[] text = cipher.doFinal(bytes, NONCE_BYTES, bytes.length - NONCE_BYTES);
      return new String(text, StandardCharsets.UTF_8);
    } catch (GeneralSecurityException e) {
      throw damaged(sealed, owner, e);
    }
  }

  private static UnopenableException damaged(
      Sealed sealed, UUID owner, @Nullable GeneralSecurityException cause) {
    return new UnopenableException(
        "the secret of %s does not open under master key %s: it was damaged or is another owner's"
            .formatted(owner, sealed.keyId()),
        cause);
  }

  private String add(byte[] masterKey) {
    if (masterKey.length != MASTER_KEY_BYTES) {
      throw new IllegalArgumentException(
          "a master key has %d bytes; expected %d".formatted(masterKey.length, MASTER_KEY_BYTES));
    }
    byte[] hash = Hashes.newSha256().digest(masterKey);
    String keyId = Hex.encode(Arrays.copyOf(hash, KEY_ID_BYTES));
    SecretKeySpec key = new SecretKeySpec(masterKey, "AES");
    SecretKeySpec before = masterKeys.putIfAbsent(keyId, key);
    if (before != null && !before.equals(key)) {
      throw new IllegalArgumentException(
          "two master keys have the id " + keyId + "; make another one");
    }
    return keyId;
  }

  private Cipher cipher(int mode, String keyId, byte[] nonce, UUID owner)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    cipher.init(mode, masterKeys.get(keyId), new GCMParameterSpec(8 * TAG_BYTES, nonce));
    cipher.updateAAD(
        ByteBuffer.allocate(16)
            .putLong(owner.getMostSignificantBits())
            .putLong(owner.getLeastSignificantBits())
            .flip());
    return cipher;
  }
}
