package dev.usher.control;

import io.vertx.core.Future;
import java.util.UUID;

/** Lets this node know at once what a call has changed; other nodes hear of it within a second. */
public interface Freshness {
  /**
   * Reads a source or an endpoint again.
   *
   * @return completed when it was read; never fails
   */
  Future<Void> reread(UUID id);
}
