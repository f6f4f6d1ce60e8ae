package dev.usher.process;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition of the world outside, which can only be asked again and again. */
public final class Await {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private Await() {}

  /** A condition; it may fail with an {@link IOException}, which counts as not yet. */
  public interface Condition {
    /** Whether it holds now. */
    boolean holds() throws IOException, InterruptedException;
  }

  /**
   * Returns true as soon as the condition holds, false when it has not within {@code bound}; it is
   * asked at least once.
   *
   * @throws InterruptedException when this thread was interrupted
   */
  public static boolean until(Duration bound, Condition condition) throws InterruptedException {
    long deadline = System.nanoTime() + bound.toNanos();
    while (true) {
      try {
        if (condition.holds()) {
          return true;
        }
      } catch (IOException notYet) {
        // Nobody listens there yet: asked again below.
      }
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      pause(Duration.ofNanos(POLL_NANOS));
    }
  }

  /**
   * Waits for about so long: between two questions, or as the pace of what is asked.
   *
   * @throws InterruptedException when this thread was interrupted
   */
  public static void pause(Duration length) throws InterruptedException {
    LockSupport.parkNanos(length.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
