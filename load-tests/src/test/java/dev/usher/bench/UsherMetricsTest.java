package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class UsherMetricsTest {
  @Test
  void requestsAreAddedUpByOutcomeWhateverTheOrderOfTheLabels() {
    String exposition =
        """
        # HELP usher_ingress_requests_total requests
        # TYPE usher_ingress_requests_total counter
        usher_ingress_requests_total{outcome="accepted",scheme="showpass"} 1.234567E6
        usher_ingress_requests_total{scheme="stripe",outcome="accepted"} 3.0
        usher_ingress_requests_total{outcome="duplicate",scheme="showpass"} 2.0
        usher_ingress_requests_total{outcome="conflict",scheme="showpass"} 0.0
        usher_ingress_seconds_count{outcome="accepted",scheme="showpass"} 99.0
        """;

    assertThat(UsherMetrics.parse(exposition))
        .isEqualTo(Map.of("accepted", 1_234_570L, "duplicate", 2L));
  }
}
