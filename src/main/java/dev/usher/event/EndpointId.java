package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of an endpoint: a URL to which events are delivered, shown as {@code ep_} and 26
 * characters ({@link TypeId}).
 */
public record EndpointId(UUID value) {
  private static final String PREFIX = "ep";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable EndpointId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new EndpointId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
