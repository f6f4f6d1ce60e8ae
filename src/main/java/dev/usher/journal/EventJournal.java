package dev.usher.journal;

import dev.usher.event.Event;
import java.util.function.Consumer;

/**
 * Where accepted events are written down. Shared over all nodes: of the events that bear one key
 * hash, exactly one is ever accepted while the key is remembered.
 *
 * <p>The seam for other stores: nothing here knows SQL.
 */
public interface EventJournal {
  /**
   * Offers an event.
   *
   * @param then told once what came of it, on the caller's event loop, whatever goes wrong; {@link
   *     Appended.Accepted} only after the event and its deliveries are committed durably. May be
   *     called before this method returns.
   */
  void append(Event event, Consumer<Appended> then);

  /** Whether a new event would be refused for want of room. Cheap: asked before a body is read. */
  boolean isFull();
}
