package dev.usher.watch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts events and attempts by the minute, so that pages which show them over time need not. Each
 * row is read twice: seconds after it was written, and once more when nothing can be late any more.
 * Every node tries; one at a time does it.
 */
public final class RollUp {
  private static final Logger LOG = LoggerFactory.getLogger(RollUp.class);
  private static final Duration INTERVAL = Duration.ofSeconds(10);
  private static final Duration BETWEEN_STEPS = Duration.ofMillis(50);

  /** A step that takes longer reads fewer minutes the next time. */
  private static final long LONG_STEP_NANOS = 1_000_000_000L;

  private static final int MOST_MINUTES = 60;

  private final Vertx vertx;
  private final IntFunction<Future<Boolean>> step;
  private int minutes = 1;
  private volatile boolean stopped;

  /**
   * @param step counts at most so many minutes for good; gives whether there are more
   */
  public RollUp(Vertx vertx, IntFunction<Future<Boolean>> step) {
    this.vertx = vertx;
    this.step = step;
  }

  /** Looks at once, and then six times a minute. */
  public void start() {
    look();
  }

  public void stop() {
    stopped = true;
  }

  private void look() {
    if (stopped) {
      return;
    }
    long began = System.nanoTime();
    step.apply(minutes)
        .onComplete(
            done -> {
              boolean slow = done.failed() || System.nanoTime() - began > LONG_STEP_NANOS;
              minutes = slow ? Math.max(1, minutes / 2) : Math.min(MOST_MINUTES, minutes * 2);
              if (done.failed() && !stopped) {
                LOG.warn("Statistics are counted later: {}", done.cause().toString());
              }
              boolean more = done.succeeded() && done.result();
              Duration pause = more ? BETWEEN_STEPS : INTERVAL;
              vertx.setTimer(pause.toMillis(), _ -> look());
            });
  }
}
