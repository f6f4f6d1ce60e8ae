package dev.usher.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes now and then what nobody needs any more, a bounded number at a time. One for each node.
 */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long INTERVAL_MILLIS = 60_000;

  /** Rows of one statement: short enough that nobody waits for it noticeably. */
  private static final int ROWS = 1_000;

  private final Vertx vertx;
  private final Leftovers leftovers;
  private boolean stopped;

  public Upkeep(Vertx vertx, Leftovers leftovers) {
    this.vertx = vertx;
    this.leftovers = leftovers;
  }

  /** Looks at once, and then every minute. */
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
    deleteOrphans()
        .compose(_ -> leftovers.deleteEnded(ROWS))
        .onComplete(
            done -> {
              if (done.failed()) {
                LOG.warn("Leftovers are deleted later: {}", done.cause().toString());
              }
              vertx.setTimer(INTERVAL_MILLIS, _ -> look());
            });
  }

  private Future<Void> deleteOrphans() {
    return leftovers
        .deleteOrphans(ROWS)
        .compose(deleted -> deleted < ROWS || stopped ? Future.succeededFuture() : deleteOrphans());
  }
}
