package dev.usher.deliver;

import dev.usher.event.Attempt;
import dev.usher.event.UuidV7;
import java.time.Duration;

/**
 * Judges a delivery by the service level "successful within 10 s of acceptance", at the one attempt
 * that decides it: the first success, or the failure after which success would come too late.
 */
enum Objective {
  MET,
  MISSED,
  /** Not decided by this attempt, or decided before, or not to be judged. */
  OPEN;

  static final Duration WITHIN = Duration.ofSeconds(10);

  /**
   * A first attempt that begins later than this was resent by hand or its endpoint was paused. The
   * age of the oldest due delivery watches over what we leave lying.
   */
  static final Duration JUDGED_WITHIN = Duration.ofMinutes(10);

  static Objective judge(Attempt attempt) {
    long beganMillis =
        attempt.startedAt().toEpochMilli()
            - UuidV7.epochMillis(attempt.delivery().event().id().value());
    long endedMillis = beganMillis + attempt.duration().toMillis();
    if (beganMillis > (attempt.number() == 1 ? JUDGED_WITHIN : WITHIN).toMillis()) {
      return OPEN; // a later attempt: the failure before it has decided
    }
    if (attempt.succeeded()) {
      return endedMillis <= WITHIN.toMillis() ? MET : MISSED;
    }
    Duration retryIn = attempt.retryIn();
    return retryIn == null || endedMillis + retryIn.toMillis() > WITHIN.toMillis() ? MISSED : OPEN;
  }
}
