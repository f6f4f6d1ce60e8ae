package dev.usher.control;

import dev.usher.event.Attempt;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.util.Optional;

/** Tries an endpoint when a person asks whether it works. */
public interface EndpointTrials {
  /**
   * Sends {@code webhook.test} to the endpoint at once, whatever its status, and logs the attempt.
   *
   * @return the attempt, at most 12 s later; empty where too many are under way, or the endpoint is
   *     not known here yet
   */
  Future<Optional<Attempt>> run(EndpointId endpoint);
}
