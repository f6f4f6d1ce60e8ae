package dev.usher.control;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which rows of a list are wanted: the newest {@code limit} below {@code before}. The place is a
 * row's id, not a count, so rows that come or go meanwhile neither repeat nor hide others.
 *
 * @param limit 1 to 250
 * @param before the last id of the page before; the greatest UUID for the first page
 */
record PageRequest(int limit, UUID before) {
  static final int MAX_LIMIT = 250;
  static final int DEFAULT_LIMIT = 50;
  static final UUID START = new UUID(-1, -1);

  private static final int UUID_BYTES = 16;

  /** The cursor of the page after {@code last}. */
  static String cursor(UUID last) {
    byte[] bytes =
        ByteBuffer.allocate(UUID_BYTES)
            .putLong(last.getMostSignificantBits())
            .putLong(last.getLeastSignificantBits())
            .array();
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** The place that {@code cursor} names, or null where it is none of ours. */
  static @Nullable UUID place(String cursor) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(cursor);
      if (bytes.length != UUID_BYTES) {
        return null;
      }
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      return new UUID(buffer.getLong(), buffer.getLong());
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
