package dev.usher.event;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7) that grow within one generator: milliseconds, a
 * 12-bit counter for ids of one millisecond, and 62 random bits. When the counter is used up or the
 * clock steps back, the time of the last id goes on, so order never breaks.
 *
 * <p>Not thread-safe: one generator for each event loop.
 */
public final class UuidV7 {
  private static final int COUNTER_LIMIT = 1 << 12;
  private static final SecureRandom SECURE = new SecureRandom();

  private final InstantSource clock;
  private final SplittableRandom random = new SplittableRandom(SECURE.nextLong());
  private long lastMillis;
  private int counter;

  public UuidV7(InstantSource clock) {
    this.clock = clock;
  }

  /** The next id, greater than all this generator made before. */
  public UUID next() {
    long now = clock.millis();
    if (now > lastMillis) {
      lastMillis = now;
      counter = 0;
    } else if (++counter == COUNTER_LIMIT) {
      lastMillis++;
      counter = 0;
    }
    return of(lastMillis, counter, random.nextLong());
  }

  /** An id for something that must not be guessed from others: 74 bits from a secure source. */
  public static UUID unguessable(InstantSource clock) {
    return of(clock.millis(), SECURE.nextInt(COUNTER_LIMIT), SECURE.nextLong());
  }

  /** The smallest id of the given millisecond since 1970: the bound of a range of time. */
  public static UUID lowest(long epochMillis) {
    return new UUID(epochMillis << 16, 0);
  }

  /** Milliseconds since 1970 at which {@code id} was made. */
  public static long epochMillis(UUID id) {
    return id.getMostSignificantBits() >>> 16;
  }

  private static UUID of(long millis, int twelveBits, long randomBits) {
    return new UUID(
        millis << 16 | 0x7000 | twelveBits, (randomBits >>> 2) | 0x8000_0000_0000_0000L);
  }
}
