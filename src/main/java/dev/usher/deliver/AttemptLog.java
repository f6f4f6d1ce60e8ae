package dev.usher.deliver;

import dev.usher.event.Attempt;
import io.vertx.core.Future;

/** Where attempts are logged, and with them what becomes of their deliveries. */
public interface AttemptLog {
  /**
   * Logs an attempt; its delivery is done with, or due again after {@link Attempt#retryIn()}.
   *
   * @return completed when that is committed. Never fails: while the store is away it is tried
   *     again, and the delivery stays leased
   */
  Future<Void> log(Attempt attempt);

  /** Whether no more attempts should be started until some are logged. */
  boolean isFull();
}
