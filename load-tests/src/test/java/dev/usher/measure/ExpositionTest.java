package dev.usher.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ExpositionTest {
  private static final Exposition METRICS =
      new Exposition(
          """
          # HELP usher_ingress_requests_total requests
          # TYPE usher_ingress_requests_total counter
          usher_ingress_requests_total{outcome="accepted",scheme="showpass"} 1.234567E6
          usher_ingress_requests_total{scheme="stripe",outcome="accepted"} 3.0
          usher_ingress_requests_total{outcome="duplicate",scheme="showpass"} 2.0
          usher_ingress_requests_total{outcome="conflict",scheme="showpass"} 0.0
          usher_ingress_requests_total_more{outcome="accepted"} 99.0
          process_files_open_files 42.0
          """);

  @Test
  void aCounterIsAddedUpByALabelWhateverTheOrder() {
    assertThat(METRICS.by("outcome", "usher_ingress_requests_total"))
        .isEqualTo(Map.of("accepted", 1_234_570L, "duplicate", 2L));
  }

  @Test
  void aSumTakesTheWantedLabelsOnly() {
    assertThat(METRICS.sum("usher_ingress_requests_total", "scheme=\"showpass\""))
        .isEqualTo(1_234_569);
    assertThat(METRICS.sum("process_files_open_files")).isEqualTo(42);
  }

  @Test
  void whatIsNotThereIsNothing() {
    assertThat(METRICS.has("usher_ingress_requests")).isFalse();
    assertThat(METRICS.sum("usher_ingress_requests")).isZero();
  }
}
