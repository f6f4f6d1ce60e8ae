package dev.usher.deliver;

import dev.usher.event.Attempt;
import dev.usher.event.AttemptId;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.UuidV7;
import dev.usher.trace.Trace;
import dev.usher.trace.TraceParent;
import dev.usher.trace.Traces;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Makes of an endpoint's answer the attempt that is logged, with what becomes of the delivery, and
 * counts it.
 */
public final class Attempts {
  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final RetryPolicy retries;
  private final DeliveryMetrics metrics;
  private final Traces traces;
  private final UuidV7 ids;

  public Attempts(RetryPolicy retries, DeliveryMetrics metrics, Traces traces, UuidV7 ids) {
    this.retries = retries;
    this.metrics = metrics;
    this.traces = traces;
    this.ids = ids;
  }

  /** An attempt begins: its place in the event's trace, or null where it is in none. */
  @Nullable Trace begin(Delivery delivery) {
    return traces.attempting(delivery);
  }

  /**
   * The attempt that ended with {@code answer}, counted.
   *
   * @param trace as {@link #begin} gave it
   */
  Attempt end(
      Endpoint endpoint,
      Delivery delivery,
      Answer answer,
      Instant startedAt,
      Duration took,
      @Nullable Trace trace) {
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
    count(attempt, trace);
    return attempt;
  }

  private void count(Attempt attempt, @Nullable Trace trace) {
    if (trace == null) {
      count(attempt);
    } else {
      trace.during(() -> count(attempt));
      trace.attempted(attempt.outcome().toString(), attempt.httpStatus(), attempt.succeeded());
    }
    if (!attempt.succeeded()) {
      tell(attempt);
    }
  }

  /** What went wrong stands in the log of attempts; here is where to look for it. */
  private static void tell(Attempt attempt) {
    Delivery delivery = attempt.delivery();
    LOG.atLevel(attempt.isGivenUp() ? Level.INFO : Level.DEBUG)
        .addKeyValue("event", () -> delivery.event().id())
        .addKeyValue("endpoint", () -> delivery.endpoint())
        .addKeyValue("attempt", () -> attempt.number())
        .addKeyValue("outcome", attempt.outcome())
        .addKeyValue("trace", () -> TraceParent.of(delivery.event()).traceId())
        .log(attempt.isGivenUp() ? "A delivery is given up" : "An attempt failed");
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
