package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of an event, the same on every delivery of it, shown as {@code evt_} and 26 characters
 * ({@link TypeId}).
 */
public record EventId(UUID value) {
  private static final String PREFIX = "evt";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable EventId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new EventId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
