package dev.usher.measure;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A histogram of durations from a microsecond to half a day, each known to 3 %. It holds 10 KiB
 * whatever is recorded, and may be used by any thread.
 */
public final class Latencies {
  // 32 steps for each doubling.
  private static final int STEP_BITS = 5;
  private static final int STEPS = 1 << STEP_BITS;
  private static final long LONGEST_MICROS = TimeUnit.HOURS.toMicros(12);

  private final AtomicLongArray counts = new AtomicLongArray(index(LONGEST_MICROS) + 1);

  /** Records one; what is longer than 12 hours counts as 12 hours. */
  public void record(long micros) {
    counts.incrementAndGet(index(Math.clamp(micros, 0, LONGEST_MICROS)));
  }

  private static int index(long micros) {
    if (micros < STEPS) {
      return (int) micros;
    }
    int shift = 63 - Long.numberOfLeadingZeros(micros) - STEP_BITS;
    return (shift + 1) * STEPS + (int) (micros >>> shift) - STEPS;
  }

  /** The most that is counted under an index. */
  private static long most(int index) {
    if (index < STEPS) {
      return index;
    }
    int shift = index / STEPS - 1;
    return ((index % STEPS + STEPS + 1L) << shift) - 1;
  }

  /** How many were recorded. */
  public long count() {
    long sum = 0;
    for (int i = 0; i < counts.length(); i++) {
      sum += counts.get(i);
    }
    return sum;
  }

  /**
   * The duration that so many per cent do not exceed, in milliseconds; 0 where none was recorded.
   *
   * @param percent above 0, to 100
   */
  public double millis(double percent) {
    long rank = Math.max(1, (long) Math.ceil(count() * percent / 100));
    long seen = 0;
    for (int i = 0; i < counts.length(); i++) {
      seen += counts.get(i);
      if (seen >= rank) {
        return most(i) / 1e3;
      }
    }
    return 0;
  }
}
