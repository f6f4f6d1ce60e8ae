package dev.usher.deliver;

import dev.usher.event.Attempt;
import dev.usher.event.AttemptId;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.UuidV7;
import java.time.Duration;
import java.time.Instant;

/**
 * Makes of an endpoint's answer the attempt that is logged, with what becomes of the delivery, and
 * counts it.
 */
public final class Attempts {
  private final RetryPolicy retries;
  private final DeliveryMetrics metrics;
  private final UuidV7 ids;

  public Attempts(RetryPolicy retries, DeliveryMetrics metrics, UuidV7 ids) {
    this.retries = retries;
    this.metrics = metrics;
    this.ids = ids;
  }

  /** The attempt that ended with {@code answer}, counted. */
  Attempt of(
      Endpoint endpoint, Delivery delivery, Answer answer, Instant startedAt, Duration took) {
    int number = delivery.attempts() + 1;
    boolean succeeded = answer.outcome() == Attempt.Outcome.SUCCEEDED;
    Attempt attempt =
        new Attempt(
            new AttemptId(ids.next()),
            delivery,
            number,
            answer.outcome(),
            answer.status(),
            answer.error(),
            answer.body(),
            startedAt,
            took,
            succeeded ? null : retries.next(endpoint, number, answer.retryAfter()));
    count(attempt);
    return attempt;
  }

  private void count(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    metrics.attempted(
        delivery.endpoint(), attempt.outcome(), attempt.httpStatus(), attempt.duration().toNanos());
    metrics.judge(attempt);
    if (attempt.succeeded()) {
      metrics.delivered(
          attempt.startedAt().toEpochMilli()
              + attempt.duration().toMillis()
              - UuidV7.epochMillis(delivery.event().id().value()));
    } else if (attempt.retryIn() == null) {
      metrics.exhausted();
    }
  }

  /** A delivery was not attempted, because the endpoint's circuit is open. */
  void circuitOpen(Delivery delivery) {
    metrics.circuitOpen(delivery.endpoint());
  }
}
