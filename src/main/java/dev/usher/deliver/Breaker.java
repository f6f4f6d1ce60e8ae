package dev.usher.deliver;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of one endpoint on one node. Ten failures in a row open it: nothing is
 * attempted for a second. Then one attempt is let through; when it fails the breaker opens again,
 * each time for twice as long, up to half a minute, and when it succeeds the breaker closes.
 *
 * <p>Shared by the node's event loops, without a lock.
 */
final class Breaker {
  /** Enough that an endpoint which fails half of its attempts hardly ever opens it. */
  static final int FAILURES_TO_OPEN = 10;

  static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);

  /** An endpoint that came back is found after this long at the latest. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private sealed interface State {
    record Closed(int failures) implements State {}

    record Open(long untilNanos, long pauseNanos) implements State {}

    /** Half-open: one attempt is under way, and decides. */
    record Trying(long pauseNanos) implements State {}
  }

  private static final State.Closed SOUND = new State.Closed(0);

  private final AtomicReference<State> state = new AtomicReference<>(SOUND);

  boolean isClosed() {
    return state.get() instanceof State.Closed;
  }

  /** Whether an attempt would be let through at {@code nowNanos}. */
  boolean allows(long nowNanos) {
    return switch (state.get()) {
      case State.Closed _ -> true;
      case State.Open(long until, long _) -> nowNanos - until >= 0;
      case State.Trying _ -> false;
    };
  }

  /**
   * Lets an attempt through or not. Whoever is let through makes the attempt and reports how it
   * ended: where the breaker was open, everybody else waits for that.
   */
  boolean enter(long nowNanos) {
    State now = state.get();
    return switch (now) {
      case State.Closed _ -> true;
      case State.Open(long until, long pause) ->
          nowNanos - until >= 0 && state.compareAndSet(now, new State.Trying(pause));
      case State.Trying _ -> false;
    };
  }

  /**
   * An attempt failed.
   *
   * @param retryAfter what the endpoint asked for, kept to up to an hour; null where it did not
   * @return whether this opened the breaker, which was closed before
   */
  boolean failed(long nowNanos, @Nullable Duration retryAfter) {
    while (true) {
      State before = state.get();
      State after =
          switch (before) {
            case State.Closed(int failures) when failures + 1 < FAILURES_TO_OPEN ->
                new State.Closed(failures + 1);
            case State.Closed _ -> open(nowNanos, SHORTEST_PAUSE.toNanos(), retryAfter);
            case State.Trying(long pause) ->
                open(nowNanos, Math.min(2 * pause, LONGEST_PAUSE.toNanos()), retryAfter);
            case State.Open open -> open; // it was begun before the breaker opened
          };
      if (after == before || state.compareAndSet(before, after)) {
        return before instanceof State.Closed && after instanceof State.Open;
      }
    }
  }

  /** An endpoint that is gone: opens at once, until those who decide have disabled it. */
  void trip(long nowNanos) {
    state.set(new State.Open(nowNanos + LONGEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos()));
  }

  /** The endpoint answered as one that is there: the breaker closes. */
  void succeeded() {
    state.set(SOUND);
  }

  private static State open(long nowNanos, long pauseNanos, @Nullable Duration retryAfter) {
    long asked = retryAfter == null ? 0 : RetryPolicy.bounded(retryAfter).toNanos();
    return new State.Open(nowNanos + Math.max(pauseNanos, asked), pauseNanos);
  }
}
