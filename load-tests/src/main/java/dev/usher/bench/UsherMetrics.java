package dev.usher.bench;

import dev.usher.measure.Exposition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.TreeMap;

/** What Usher itself counted, from {@code /metrics} of its management port. */
record UsherMetrics(HttpClient client, URI management) {

  /**
   * The counts at one moment, or between two.
   *
   * @param requests by their outcome ({@code accepted}, {@code duplicate}, …)
   * @param remembered look-ups in Redis that found their key
   * @param batches of the journal
   * @param allocatedBytes by all threads, up to the last collection
   * @param heapBytes used, garbage included
   */
  record Counts(
      Map<String, Long> requests,
      long remembered,
      long batches,
      double allocatedBytes,
      double heapBytes,
      long collections) {

    /** What was counted after {@code earlier}; the heap is as it is now. */
    Counts since(Counts earlier) {
      Map<String, Long> more = new TreeMap<>();
      requests.forEach(
          (outcome, count) -> {
            long difference = count - earlier.requests(outcome);
            if (difference > 0) {
              more.put(outcome, difference);
            }
          });
      return new Counts(
          more,
          remembered - earlier.remembered,
          batches - earlier.batches,
          allocatedBytes - earlier.allocatedBytes,
          heapBytes,
          collections - earlier.collections);
    }

    long requests(String outcome) {
      return requests.getOrDefault(outcome, 0L);
    }

    /** Requests of any outcome. */
    long allRequests() {
      return requests.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  Counts counts() throws IOException, InterruptedException {
    return parse(Exposition.of(client, management));
  }

  static Counts parse(Exposition metrics) {
    return new Counts(
        metrics.by("outcome", "usher_ingress_requests_total"),
        Math.round(metrics.sum("usher_dedupe_lookups_total", "result=\"hit\"")),
        Math.round(metrics.sum("usher_journal_batch_events_count")),
        metrics.sum("jvm_gc_memory_allocated_bytes_total"),
        metrics.sum("jvm_memory_used_bytes", "area=\"heap\""),
        Math.round(metrics.sum("jvm_gc_pause_seconds_count")));
  }
}
