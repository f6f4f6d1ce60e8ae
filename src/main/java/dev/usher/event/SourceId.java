package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of a source: an address at which a sender's events are received, shown as {@code src_} and
 * 26 characters ({@link TypeId}).
 */
public record SourceId(UUID value) {
  private static final String PREFIX = "src";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable SourceId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new SourceId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
