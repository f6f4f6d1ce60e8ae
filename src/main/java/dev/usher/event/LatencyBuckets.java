package dev.usher.event;

/**
 * The buckets in which delivery latencies are counted. Bucket {@code i} holds those from bound
 * {@code i - 1} up to but without bound {@code i}; the last one has no end.
 */
public final class LatencyBuckets {
  private static final long[] BOUNDS_MILLIS = {
    2,
    5,
    10,
    20,
    50,
    100,
    200,
    500,
    1_000,
    2_000,
    5_000,
    10_000,
    30_000,
    60_000,
    300_000,
    1_800_000,
    7_200_000,
    86_400_000
  };

  /** How many buckets there are. */
  public static final int COUNT = BOUNDS_MILLIS.length + 1;

  private LatencyBuckets() {}

  /** The upper bounds of all buckets but the last, rising. */
  public static long[] boundsMillis() {
    return BOUNDS_MILLIS.clone();
  }

  /**
   * The latency below which the share {@code q} of all lies, as if they were spread evenly in their
   * bucket; the last bound where it lies above all of them.
   *
   * @param counts one for each bucket
   * @param q 0 to 1
   * @return in milliseconds; -1 where nothing was counted
   */
  public static double quantileMillis(long[] counts, double q) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    double rank = q * total;
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        double low = i == 0 ? 0 : BOUNDS_MILLIS[i - 1];
        double high = i < BOUNDS_MILLIS.length ? BOUNDS_MILLIS[i] : low;
        return low + (high - low) * (rank - below) / counts[i];
      }
      below += counts[i];
    }
    return -1;
  }
}
