package dev.usher.deliver;

import dev.usher.event.EndpointId;
import io.vertx.core.Vertx;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Holds one lane to its endpoint's rate: a delivery begins when a slot for it has come. The next
 * slots are asked for before the last are used up.
 *
 * <p>Lives on one event loop.
 */
final class Pace {
  private final Vertx vertx;
  private final EndpointRates rates;
  private final EndpointId endpoint;
  private final Runnable goOn;
  private final Deque<Row> rows = new ArrayDeque<>(2);
  private int slots; // in all rows
  private boolean asking;
  private long askAgainNanos = System.nanoTime();
  private boolean sleeping;

  /** Slots that were reserved together. */
  private static final class Row {
    private final long everyNanos;
    private long nextNanos;
    private int left;

    private Row(EndpointRates.Slots slots) {
      everyNanos = slots.everyNanos();
      nextNanos = System.nanoTime() + slots.firstInNanos();
      left = slots.count();
    }
  }

  Pace(Vertx vertx, EndpointRates rates, EndpointId endpoint, Runnable goOn) {
    this.vertx = vertx;
    this.rates = rates;
    this.endpoint = endpoint;
    this.goOn = goOn;
  }

  /**
   * Whether a delivery may begin now. Where not, {@code goOn} runs when one may.
   *
   * @param perSecond the endpoint's rate
   * @param waiting deliveries in the lane, from 1
   */
  boolean allows(int perSecond, int waiting) {
    int portion = Ahead.portion(perSecond);
    if (waiting > slots && slots <= portion / 2 && mayAsk()) {
      ask(perSecond, Math.min(waiting - slots, portion));
    }
    Row row = rows.peek();
    if (row == null && asking) {
      return false;
    }
    long early = (row == null ? askAgainNanos : row.nextNanos) - System.nanoTime();
    if (row != null && early <= 0) {
      return true;
    }
    sleep(early);
    return false;
  }

  /** A delivery begins: its slot is used. */
  void begins() {
    Row row = rows.element();
    row.nextNanos += row.everyNanos;
    row.left--;
    slots--;
    if (row.left == 0) {
      rows.remove();
    }
  }

  private boolean mayAsk() {
    return !asking && System.nanoTime() - askAgainNanos >= 0;
  }

  private void ask(int perSecond, int wanted) {
    asking = true;
    rates
        .reserve(endpoint, perSecond, wanted)
        .onSuccess(
            reserved -> {
              asking = false;
              if (reserved.count() == 0) {
                askAgainNanos = System.nanoTime() + reserved.firstInNanos();
              } else {
                slots += reserved.count();
                rows.add(new Row(reserved));
              }
              goOn.run();
            });
  }

  private void sleep(long nanos) {
    if (!sleeping) {
      sleeping = true;
      vertx.setTimer(
          Math.max(1, Math.ceilDiv(nanos, 1_000_000)),
          _ -> {
            sleeping = false;
            goOn.run();
          });
    }
  }
}
