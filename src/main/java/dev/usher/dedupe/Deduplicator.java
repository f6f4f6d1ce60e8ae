package dev.usher.dedupe;

import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import java.util.function.Consumer;

/**
 * Remembers keys that were committed, so that a repeated event is answered without the journal. It
 * never decides that an event is new: whatever it does not know, the journal decides.
 */
public interface Deduplicator {
  /**
   * Looks a key up.
   *
   * @param then told once, on the caller's event loop and within the time that a look-up may take;
   *     may be called before this method returns
   */
  void find(Hash128 keyHash, Consumer<Memory> then);

  /** Remembers a committed event. Best effort: what is forgotten costs a trip to the journal. */
  void remember(Event event);

  /** What is known of a key. */
  sealed interface Memory {
    /** It was committed, with this event and this body. */
    record Known(EventId first, Hash128 bodyHash) implements Memory {}

    /** Nothing is known; also where the memory could not be asked. */
    record Unknown() implements Memory {
      public static final Unknown INSTANCE = new Unknown();
    }
  }
}
