package dev.usher.watch;

import io.vertx.core.Future;
import java.time.Duration;

/** What can be asked of the store that holds events and deliveries. */
public interface StoreState {
  /** Completes when the store answers the simplest question. */
  Future<Void> ping();

  /** What waits to be delivered, over all nodes. */
  Future<Backlog> backlog();

  /** How long ago the oldest partition should have been dropped; zero where none should have. */
  Future<Duration> overdue();

  /**
   * Deliveries that are due, not leased by any node, and wanted by an active endpoint.
   *
   * @param due how many; a count that has reached its bound says "at least"
   * @param oldest how long the oldest of them has been due; zero where there is none
   * @param late endpoints that have waited for five minutes or longer
   */
  record Backlog(long due, Duration oldest, int late) {}
}
