package dev.usher.control;

import dev.usher.event.ApiKeyId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key that somebody presented: enough to tell whether it opens, and nothing that
 * opens.
 *
 * @param id null where it has not the form of an organization's key
 * @param hash the SHA-256 of the whole key
 */
public record Credential(@Nullable ApiKeyId id, byte[] hash) {
  /** Of the key in {@code text}, whatever that is. */
  public static Credential of(String text) {
    ApiKey key = ApiKey.parse(text);
    return new Credential(key == null ? null : key.id(), ApiKey.hash(text));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Credential that
        && Arrays.equals(hash, that.hash); // of the whole key, with its id
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(hash);
  }

  @Override
  public String toString() {
    return "Credential[" + id + "]";
  }
}
