package dev.usher.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.measure.Exposition;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UsherMetricsTest {
  private static final UsherMetrics.Counts BEFORE =
      UsherMetrics.parse(new Exposition(metrics(100, 0, 10, 1_000_000)));
  private static final UsherMetrics.Counts AFTER =
      UsherMetrics.parse(new Exposition(metrics(350, 7, 12, 3_500_000)));

  @Test
  void whatWasCountedBetweenTwoMomentsIsTheDifference() {
    UsherMetrics.Counts between = AFTER.since(BEFORE);

    assertThat(between.requests()).isEqualTo(Map.of("accepted", 250L, "duplicate", 7L));
    assertThat(between.allRequests()).isEqualTo(257);
    assertThat(between.batches()).isEqualTo(2);
    assertThat(between.allocatedBytes()).isEqualTo(2_500_000);
  }

  @Test
  void theHeapIsAsItIsNow() {
    assertThat(AFTER.since(BEFORE).heapBytes()).isEqualTo(42);
  }

  private static String metrics(int accepted, int duplicates, int batches, int allocated) {
    return """
    usher_ingress_requests_total{outcome="accepted",scheme="showpass"} %d
    usher_ingress_requests_total{outcome="duplicate",scheme="showpass"} %d
    usher_journal_batch_events_count %d
    jvm_gc_memory_allocated_bytes_total %d
    jvm_memory_used_bytes{area="heap",id="a"} 40
    jvm_memory_used_bytes{area="heap",id="b"} 2
    jvm_memory_used_bytes{area="nonheap",id="c"} 99
    """
        .formatted(accepted, duplicates, batches, allocated);
  }
}
