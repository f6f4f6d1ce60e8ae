package dev.usher.control;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets each of many have one piece of work under way at a time, and a few in line behind it: who
 * has much to do waits behind himself, and the others only for the one piece. Thread-safe; nobody
 * blocks.
 *
 * @param <K> who takes turns
 */
final class Turns<K> {
  /** What became of work that was to be done. */
  private enum Place {
    FIRST,
    IN_LINE,
    NONE
  }

  private final int mostWaiting;

  /** Who has work under way, with what waits behind it; touched in {@code compute} only. */
  private final ConcurrentMap<K, Queue<Runnable>> lines = new ConcurrentHashMap<>();

  /**
   * @param mostWaiting pieces of work in line for each, besides the one under way
   */
  Turns(int mostWaiting) {
    this.mostWaiting = mostWaiting;
  }

  /**
   * Starts {@code work} when it is its turn; it must tell its end by {@link #ended}.
   *
   * @return false where too much is in line already: it is not started then
   */
  boolean take(K who, Runnable work) {
    AtomicReference<Place> place = new AtomicReference<>(Place.NONE);
    lines.compute(
        who,
        (_, line) -> {
          if (line == null) {
            place.set(Place.FIRST);
            return new ArrayDeque<>();
          }
          if (line.size() < mostWaiting) {
            place.set(Place.IN_LINE);
            line.add(work);
          }
          return line;
        });
    if (place.get() == Place.FIRST) {
      work.run();
    }
    return place.get() != Place.NONE;
  }

  /** The work under way is done: the next in line starts. */
  void ended(K who) {
    AtomicReference<@Nullable Runnable> next = new AtomicReference<>();
    lines.computeIfPresent(
        who,
        (_, line) -> {
          Runnable first = line.poll();
          if (first == null) {
            return null;
          }
          next.set(first);
          return line;
        });
    Runnable started = next.get();
    if (started != null) {
      started.run();
    }
  }
}
