package dev.usher.control;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that bodies of calls may take, from their first byte to their answer. */
final class BodyRoom {
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  private final AtomicLong bytes = new AtomicLong();

  /** What one call takes of it. Belongs to the call's event loop. */
  final class Share {
    private long taken;
    private boolean released;

    /** Takes more; false where there is no room, or the call is over. */
    boolean grow(int by) {
      if (released || bytes.get() + by > MOST_BYTES) {
        return false;
      }
      taken += by;
      bytes.addAndGet(by);
      return true;
    }

    /** Gives all of it back. */
    void release() {
      if (!released) {
        released = true;
        bytes.addAndGet(-taken);
      }
    }
  }

  Share share() {
    return new Share();
  }
}
