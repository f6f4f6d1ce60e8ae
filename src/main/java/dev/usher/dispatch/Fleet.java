package dev.usher.dispatch;

import io.vertx.core.Vertx;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many event loops deliver, over all nodes; looked up every few seconds. One for each node;
 * {@link #loops()} may be asked from anywhere.
 */
public final class Fleet {
  private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
  private static final long INTERVAL_MILLIS = 2_000;

  private final Vertx vertx;
  private final Leases leases;
  private volatile int loops;
  private boolean failing;
  private long timer;

  /**
   * @param own event loops of this node: how many there are until others are known
   */
  public Fleet(Vertx vertx, Leases leases, int own) {
    this.vertx = vertx;
    this.leases = leases;
    this.loops = own;
  }

  public void start() {
    count();
    timer = vertx.setPeriodic(INTERVAL_MILLIS, _ -> count());
  }

  public void stop() {
    vertx.cancelTimer(timer);
  }

  /** Event loops that hold a lease, as far as is known. */
  public int loops() {
    return loops;
  }

  private void count() {
    leases
        .held()
        .onComplete(
            held -> {
              loops = held;
              failing = false;
            },
            failure -> {
              if (!failing) {
                LOG.warn("The nodes cannot be counted: {}", failure.toString());
              }
              failing = true; // others say so again and again
            });
  }
}
