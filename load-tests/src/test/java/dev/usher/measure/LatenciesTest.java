package dev.usher.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  @Test
  void percentilesAreRightToThreePerCent() {
    Latencies latencies = new Latencies();
    for (int millis = 1; millis <= 10_000; millis++) {
      latencies.record(millis * 1_000L);
    }

    assertThat(latencies.count()).isEqualTo(10_000);
    assertThat(latencies.millis(50)).isCloseTo(5_000, within(160.0));
    assertThat(latencies.millis(99)).isCloseTo(9_900, within(310.0));
    assertThat(latencies.millis(100)).isCloseTo(10_000, within(310.0));
  }

  @Test
  void aFewMicrosecondsAreKnownExactly() {
    Latencies latencies = new Latencies();
    latencies.record(0);
    latencies.record(7);

    assertThat(latencies.millis(50)).isZero();
    assertThat(latencies.millis(100)).isEqualTo(0.007);
  }

  @Test
  void whatIsOutOfRangeCountsAtItsEdge() {
    Latencies latencies = new Latencies();
    latencies.record(-5);
    latencies.record(Long.MAX_VALUE);

    assertThat(latencies.count()).isEqualTo(2);
    assertThat(latencies.millis(50)).isZero();
    assertThat(latencies.millis(100)).isGreaterThan(40_000_000);
  }

  @Test
  void withoutValuesAPercentileIsZero() {
    assertThat(new Latencies().millis(99)).isZero();
  }
}
