package dev.usher.event;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The id of an organization, the tenant that owns everything below it, shown as {@code org_} and 26
 * characters ({@link TypeId}).
 */
public record OrganizationId(UUID value) {
  private static final String PREFIX = "org";

  /** The id in {@code text}, or null where the text is not one of this kind. */
  public static @Nullable OrganizationId parse(String text) {
    UUID value = TypeId.decode(PREFIX, text);
    return value == null ? null : new OrganizationId(value);
  }

  @Override
  public String toString() {
    return TypeId.encode(PREFIX, value);
  }
}
