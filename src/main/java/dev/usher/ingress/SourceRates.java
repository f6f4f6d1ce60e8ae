package dev.usher.ingress;

import dev.usher.event.Source;
import dev.usher.event.SourceId;
import java.util.HashMap;
import java.util.Map;

/**
 * Holds sources to their own rate limits: a bucket of tokens for each source that has one, filled
 * evenly, and never more than a second's worth. Each event loop of a node has an equal share of the
 * limit.
 *
 * <p>Only genuine events count, so that nobody uses up a source's limit with forged ones. Lives on
 * one event loop.
 */
final class SourceRates {
  private static final int MOST_BUCKETS = 10_000;

  private final int loops;
  private final Map<SourceId, Bucket> buckets = new HashMap<>();

  private static final class Bucket {
    private double tokens;
    private long filledNanos;
  }

  SourceRates(int loops) {
    this.loops = loops;
  }

  /** Whether the source may send one more event now; counts it if so. */
  boolean admits(Source source, long nowNanos) {
    Integer limit = source.rateLimit();
    if (limit == null) {
      return true;
    }
    double perSecond = (double) limit / loops;
    double most = Math.max(1, perSecond);
    Bucket bucket = buckets.get(source.id());
    if (bucket == null) {
      if (buckets.size() >= MOST_BUCKETS) {
        buckets.clear(); // each source gets at most one second's worth anew
      }
      bucket = new Bucket();
      bucket.tokens = most;
      buckets.put(source.id(), bucket);
    } else {
      double filled = perSecond * (nowNanos - bucket.filledNanos) / 1e9;
      bucket.tokens = Math.min(most, bucket.tokens + filled);
    }
    bucket.filledNanos = nowNanos;
    if (bucket.tokens < 1) {
      return false;
    }
    bucket.tokens--;
    return true;
  }
}
