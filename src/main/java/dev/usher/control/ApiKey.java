package dev.usher.control;

import dev.usher.event.ApiKeyId;
import dev.usher.event.TypeId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An organization's key as its holder has it: {@code usher_}, the 26 characters of the key's id,
 * {@code _} and 32 random bytes in base64url. We find it by the id and keep the SHA-256 of the
 * whole only: 256 random bits need no slow hash.
 */
record ApiKey(ApiKeyId id, String text) {
  private static final String PREFIX = "usher";
  private static final int ID_CHARACTERS = PREFIX.length() + 1 + TypeId.SUFFIX_LENGTH;
  private static final int SECRET_BYTES = 32;
  private static final Pattern SECRET = Pattern.compile("_[A-Za-z0-9_-]{43}");
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A new key of the given id. */
  static ApiKey random(ApiKeyId id) {
    byte[] secret = new byte[SECRET_BYTES];
    RANDOM.nextBytes(secret);
    String text =
        TypeId.encode(PREFIX, id.value())
            + "_"
            + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new ApiKey(id, text);
  }

  /** The key in {@code text}, or null where the text has not the form of one. */
  static @Nullable ApiKey parse(String text) {
    if (text.length() < ID_CHARACTERS
        || !SECRET.matcher(text).region(ID_CHARACTERS, text.length()).matches()) {
      return null;
    }
    UUID id = TypeId.decode(PREFIX, text.substring(0, ID_CHARACTERS));
    return id == null ? null : new ApiKey(new ApiKeyId(id), text);
  }

  /** What is kept of this key. */
  byte[] hash() {
    return hash(text);
  }

  /** The SHA-256 of any key. */
  static byte[] hash(String text) {
    return sha256().digest(text.getBytes(StandardCharsets.UTF_8));
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "ApiKey[" + id + ", hidden]";
  }
}
