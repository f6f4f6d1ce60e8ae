package dev.usher.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes now and then what nobody needs any more, and takes out of order what need not be in order
 * any more, a bounded number at a time. One for each node.
 */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final long INTERVAL_MILLIS = 20_000;

  /** Rows of one statement: short enough that nobody waits for it noticeably. */
  private static final int ROWS = 1_000;

  private final Vertx vertx;
  private final Leftovers leftovers;
  private boolean stopped;

  public Upkeep(Vertx vertx, Leftovers leftovers) {
    this.vertx = vertx;
    this.leftovers = leftovers;
  }

  /** Looks at once, and then three times a minute. */
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
    whileFull(leftovers::unorder)
        .compose(_ -> whileFull(leftovers::deleteOrphans))
        .compose(_ -> leftovers.deleteEnded(ROWS))
        .onComplete(
            done -> {
              if (done.failed() && !stopped) {
                LOG.warn("Leftovers are deleted later: {}", done.cause().toString());
              }
              vertx.setTimer(INTERVAL_MILLIS, _ -> look());
            });
  }

  private Future<Void> whileFull(IntFunction<Future<Integer>> step) {
    return step.apply(ROWS)
        .compose(rows -> rows < ROWS || stopped ? Future.succeededFuture() : whileFull(step));
  }
}
