package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of an organization's API key, shown as {@code key_} and 26 characters ({@link TypeId}).
 */
public record ApiKeyId(UUID value) {
  private static final String PREFIX = "key";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable ApiKeyId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new ApiKeyId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
