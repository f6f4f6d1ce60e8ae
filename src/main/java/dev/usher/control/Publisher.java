package dev.usher.control;

import dev.usher.event.Event;
import dev.usher.journal.Appended;
import io.vertx.core.Future;

/** Accepts events that are published over the API, as the public door accepts received ones. */
@FunctionalInterface
public interface Publisher {
  /**
   * Offers an event; those of one organization go into the journal in the order in which they are
   * offered.
   *
   * @return never fails; completed on the caller's event loop, with {@link Appended.Accepted} only
   *     after the event and its deliveries are committed durably
   */
  Future<Appended> publish(Event event);
}
