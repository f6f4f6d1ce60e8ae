package dev.usher.journal;

import dev.usher.event.Event;
import io.vertx.core.Future;

/**
 * Where accepted events are written down. Shared over all nodes: of the events that bear one key
 * hash, exactly one is ever accepted while the key is remembered.
 *
 * <p>The seam for other stores: nothing here knows SQL.
 */
public interface EventJournal {
  /**
   * Offers an event. The future never fails: what went wrong is an {@link Appended} as well.
   *
   * @return completed on the caller's event loop; with {@link Appended.Accepted} only after the
   *     event and its deliveries are committed durably
   */
  Future<Appended> append(Event event);

  /** Whether a new event would be refused for want of room. Cheap: asked before a body is read. */
  boolean isFull();
}
