package dev.usher;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a gateway step by step, under one deadline over all steps. A step that does not end in its
 * time, or fails, is left behind and named in the log; the next one still runs, because every step
 * after it keeps something safe.
 *
 * <p>Our own order, because {@code vertx.close()} alone cuts requests in flight, and closes clients
 * before the verticles that still need them.
 */
final class ShutdownSequence {
  private static final Logger LOG = LoggerFactory.getLogger(ShutdownSequence.class);

  /** What is kept back of the time for the steps that come after a slow one. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(2);

  private record Step(String name, Function<Duration, Future<?>> action) {}

  private final Vertx vertx;
  private final List<Step> steps = new ArrayList<>();

  ShutdownSequence(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Adds a step, which is given the time that it may take. */
  ShutdownSequence then(String name, Function<Duration, Future<?>> action) {
    steps.add(new Step(name, action));
    return this;
  }

  /** Runs the steps in the order in which they were added. Never fails. */
  Future<Void> run(Duration grace) {
    long deadlineNanos = System.nanoTime() + grace.toNanos();
    Future<Void> sequence = Future.succeededFuture();
    for (Step step : steps) {
      sequence = sequence.compose(_ -> run(step, deadlineNanos));
    }
    return sequence;
  }

  private Future<Void> run(Step step, long deadlineNanos) {
    Duration left = Duration.ofNanos(deadlineNanos - System.nanoTime());
    Duration time = max(left.minus(LAST_STEPS), LAST_STEPS.dividedBy(4));
    long begun = System.nanoTime();
    Promise<Void> ended = Promise.promise();
    long timer =
        vertx.setTimer(
            time.toMillis() + 1,
            _ -> {
              LOG.warn("Stopping: '{}' did not end within {} ms", step.name, time.toMillis());
              ended.tryComplete();
            });
    Future.succeededFuture(time)
        .compose(step.action::apply) // where it throws, that is a failure like any other
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              if (done.failed()) {
                LOG.warn("Stopping: '{}' failed: {}", step.name, done.cause().toString());
              } else {
                LOG.debug(
                    "Stopping: '{}' took {} ms",
                    step.name,
                    (System.nanoTime() - begun) / 1_000_000);
              }
              ended.tryComplete();
            });
    return ended.future();
  }

  private static Duration max(Duration a, Duration b) {
    return a.compareTo(b) > 0 ? a : b;
  }
}
