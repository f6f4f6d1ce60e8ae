package dev.usher.deliver;

import dev.usher.event.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * When a failed delivery is tried again: the endpoint's schedule, or the gateway's, spread by 20 %
 * either way so that what failed together does not come back together.
 */
public final class RetryPolicy {
  /** The longest time that a {@code Retry-After} is kept to. */
  static final Duration LONGEST_RETRY_AFTER = Duration.ofHours(1);

  private static final double JITTER = 0.2;

  private final List<Duration> schedule;
  private final RandomGenerator random;

  /**
   * @param schedule the wait after each failed attempt, for endpoints without a schedule of their
   *     own
   */
  public RetryPolicy(List<Duration> schedule, RandomGenerator random) {
    this.schedule = List.copyOf(schedule);
    this.random = random;
  }

  /**
   * The wait before the next attempt.
   *
   * @param attempt the number of the one that failed, from 1
   * @param retryAfter what the endpoint asked for; null where it did not
   * @return null when the schedule is used up: the delivery is given up
   */
  @Nullable Duration next(Endpoint endpoint, int attempt, @Nullable Duration retryAfter) {
    List<Duration> waits = endpoint.retrySchedule() != null ? endpoint.retrySchedule() : schedule;
    if (attempt > waits.size()) {
      return null;
    }
    double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
    Duration wait = Duration.ofMillis((long) (waits.get(attempt - 1).toMillis() * factor));
    if (retryAfter == null) {
      return wait;
    }
    Duration asked = bounded(retryAfter);
    return asked.compareTo(wait) > 0 ? asked : wait;
  }

  /** What of {@code retryAfter} is kept to. */
  static Duration bounded(Duration retryAfter) {
    return retryAfter.compareTo(LONGEST_RETRY_AFTER) < 0 ? retryAfter : LONGEST_RETRY_AFTER;
  }
}
