package dev.usher.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatencyBucketsTest {
  @Test
  void aQuantileLiesInTheBucketThatHoldsIt() {
    long[] counts = new long[LatencyBuckets.COUNT];
    counts[3] = 98; // 10 to 20 ms
    counts[8] = 2; // 500 to 1,000 ms
    assertThat(LatencyBuckets.quantileMillis(counts, 0.5)).isBetween(10.0, 20.0);
    assertThat(LatencyBuckets.quantileMillis(counts, 0.99)).isCloseTo(750, within(1.0));
  }

  @Test
  void aboveTheLastBoundItIsThatBound() {
    long[] counts = new long[LatencyBuckets.COUNT];
    counts[LatencyBuckets.COUNT - 1] = 5;
    long[] bounds = LatencyBuckets.boundsMillis();
    assertThat(LatencyBuckets.quantileMillis(counts, 0.99))
        .isEqualTo((double) bounds[bounds.length - 1]);
  }

  @Test
  void ofNothingThereIsNone() {
    assertThat(LatencyBuckets.quantileMillis(new long[LatencyBuckets.COUNT], 0.5)).isNegative();
  }
}
