package dev.usher.deliver;

import dev.usher.event.Attempt;
import io.vertx.core.Future;

/** Where trials are logged. */
public interface TrialLog {
  /** Logs an attempt that nobody owed, and with it the event that it delivered. */
  Future<Void> log(Attempt attempt);
}
