package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The id of a recovery, shown as {@code rec_} and 26 characters ({@link TypeId}). */
public record RecoveryId(UUID value) {
  private static final String PREFIX = "rec";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable RecoveryId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new RecoveryId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
