package dev.usher.dispatch;

import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works off recoveries, step by step: each step is a short statement, so nothing waits for it, and
 * between two of them a recovery can be cancelled. One for each node; they take turns.
 */
public final class RecoveryWork {
  private static final Logger LOG = LoggerFactory.getLogger(RecoveryWork.class);
  private static final long INTERVAL_MILLIS = 250;

  /** Dead letters looked at in a step: some tens of milliseconds' work. */
  private static final int STEP = 500;

  /** While so many wait at the endpoint the next step would only make its queue longer. */
  private static final int MOST_DUE = 1_000;

  private final Vertx vertx;
  private final Recoveries recoveries;
  private boolean stopped;

  public RecoveryWork(Vertx vertx, Recoveries recoveries) {
    this.vertx = vertx;
    this.recoveries = recoveries;
  }

  public void start() {
    next(INTERVAL_MILLIS);
  }

  public void stop() {
    stopped = true;
  }

  private void next(long millis) {
    if (!stopped) {
      vertx.setTimer(millis, _ -> step());
    }
  }

  private void step() {
    recoveries
        .step(STEP, MOST_DUE)
        .onComplete(
            found -> next(found ? 1 : INTERVAL_MILLIS),
            failure -> {
              if (!stopped) {
                LOG.warn("Recoveries wait: {}", failure.toString());
              }
              next(20 * INTERVAL_MILLIS);
            });
  }
}
