package dev.usher.ingress;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bodies that one event loop is still reading. Each has the same absolute deadline, so they
 * expire in the order of their beginning, and one periodic look serves them all. An idle time-out
 * would not do: a body may drip a byte a second for ever.
 */
final class OpenBodies {
  private static final long LOOK_MILLIS = 500;

  /** Bytes of bodies that are still arriving; beyond it they are refused. */
  private static final long MOST_BYTES = 32L * 1024 * 1024;

  private final long deadlineNanos;
  private final Set<BodyReader> open = new LinkedHashSet<>();
  private long bytes;

  OpenBodies(Vertx vertx, Duration deadline) {
    this.deadlineNanos = deadline.toNanos();
    vertx.setPeriodic(LOOK_MILLIS, _ -> expire());
  }

  void add(BodyReader body) {
    open.add(body);
  }

  void remove(BodyReader body) {
    open.remove(body);
  }

  /** Whether the bodies that are not complete yet hold all that they may. */
  boolean isFull() {
    return bytes > MOST_BYTES;
  }

  void grew(int by) {
    bytes += by;
  }

  private void expire() {
    long now = System.nanoTime();
    while (!open.isEmpty()) {
      BodyReader oldest = open.iterator().next();
      if (now - oldest.begunNanos() < deadlineNanos) {
        return;
      }
      oldest.expire(); // removes itself
    }
  }
}
