package dev.usher.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the leases of nodes that died, so that their deliveries are claimed again. One for each
 * node.
 */
public final class TakeOver {
  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);
  private static final long INTERVAL_MILLIS = 2_000;
  private static final int ROUNDS_PER_SWEEP = 30;

  private final Vertx vertx;
  private final Leases leases;
  private long timer;
  private long rounds;

  public TakeOver(Vertx vertx, Leases leases) {
    this.vertx = vertx;
    this.leases = leases;
  }

  /** Looks at once, and then every two seconds. */
  public void start() {
    look();
    timer = vertx.setPeriodic(INTERVAL_MILLIS, _ -> look());
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  private void look() {
    boolean sweep = rounds++ % ROUNDS_PER_SWEEP == 0;
    leases
        .takeOverEnded()
        .compose(
            freed ->
                sweep ? leases.sweep().map(more -> freed + more) : Future.succeededFuture(freed))
        .onComplete(
            freed -> {
              if (freed > 0) {
                LOG.info("{} deliveries of a node that is gone were freed", freed);
              }
            },
            failure -> LOG.warn("Ended leases cannot be taken over: {}", failure.toString()));
  }
}
