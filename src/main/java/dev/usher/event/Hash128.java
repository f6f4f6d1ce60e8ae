package dev.usher.event;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * The first 128 bits of a SHA-256, as a value that can be a map's key. Long enough that nobody
 * finds a second input for a given one.
 */
public record Hash128(long high, long low) {
  public static final int BYTES = 16;

  /** Reads the first 16 bytes of {@code bytes} from {@code offset}. */
  public static Hash128 of(byte[] bytes, int offset) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, BYTES);
    return new Hash128(buffer.getLong(), buffer.getLong());
  }

  /** The hash whose 16 bytes are those of {@code uuid}; no field of a UUID is looked at. */
  public static Hash128 of(UUID uuid) {
    return new Hash128(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }

  /** The 16 bytes as a value for a column of type {@code uuid}. */
  public UUID toUuid() {
    return new UUID(high, low);
  }

  /** Writes the 16 bytes, in network order, from {@code offset}. */
  public void writeTo(byte[] target, int offset) {
    ByteBuffer.wrap(target, offset, BYTES).putLong(high).putLong(low);
  }
}
