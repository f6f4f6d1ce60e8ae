package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of one try to deliver one event to one endpoint, shown as {@code att_} and 26 characters
 * ({@link TypeId}).
 */
public record AttemptId(UUID value) {
  private static final String PREFIX = "att";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable AttemptId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new AttemptId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
