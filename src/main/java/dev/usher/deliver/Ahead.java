package dev.usher.deliver;

import dev.usher.deliver.EndpointRates.Slots;
import java.time.Duration;

/**
 * How far ahead of their time slots are reserved. Who reserves ahead loses nothing of the rate when
 * an event loop is late by less than that; and no slot is saved up, so nothing bursts.
 *
 * <p>{@code reserve.lua} does the same for all nodes.
 */
final class Ahead {
  static final Duration MOST = Duration.ofMillis(100);

  /** Slots that lie further ahead are left to who asks later: asking for one at a time is dear. */
  static final Duration FULL = Duration.ofMillis(80);

  /** One loop takes no more at once, so that others get theirs. */
  private static final Duration PORTION = Duration.ofMillis(50);

  private Ahead() {}

  /** How many slots make a portion. */
  static int portion(int perSecond) {
    return (int) Math.max(1, perSecond * PORTION.toMillis() / 1_000);
  }

  /**
   * What is given to somebody who wants slots.
   *
   * @param aheadNanos until the next free slot, from 0
   */
  static Slots slots(long aheadNanos, long everyNanos, int wanted) {
    if (aheadNanos > FULL.toNanos()) {
      return new Slots(0, aheadNanos - FULL.toNanos(), everyNanos);
    }
    long fit = Math.max(1, (MOST.toNanos() - aheadNanos) / everyNanos);
    return new Slots((int) Math.min(wanted, fit), aheadNanos, everyNanos);
  }
}
