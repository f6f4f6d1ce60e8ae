package dev.usher.journal;

import dev.usher.event.EventId;

/** What became of an event that was offered to the journal. */
public sealed interface Appended {
  /** The event is committed. */
  record Accepted() implements Appended {
    static final Accepted INSTANCE = new Accepted();
  }

  /**
   * The key was accepted before.
   *
   * @param first the event that came first
   * @param sameBody whether it had the same body: a repetition; otherwise a conflict
   */
  record Known(EventId first, boolean sameBody) implements Appended {}

  /** There is no room; nothing was kept. */
  record Overloaded() implements Appended {
    static final Overloaded INSTANCE = new Overloaded();
  }

  /**
   * The store could not be reached or answered with an error; the sender must send the event again.
   */
  record Unavailable() implements Appended {
    static final Unavailable INSTANCE = new Unavailable();
  }
}
