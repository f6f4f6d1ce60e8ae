package dev.usher.dispatch;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lease under which one event loop works on deliveries, extended three times in its length. One
 * row for each loop stands for all its deliveries: no delivery needs a write to stay leased.
 *
 * <p>The holder counts its time from before it asked, on its own monotonic clock, and stops a
 * little early; so it never believes in a lease that another node may already have taken over.
 *
 * <p>Lives on one event loop.
 */
public final class Lease {
  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  /**
   * Of the lease's length, the part that counts: the rest covers a difference in the speed of
   * clocks.
   */
  private static final double COUNTED = 0.8;

  private final Vertx vertx;
  private final Leases leases;
  private final String holder;
  private final Duration length;

  private @Nullable Integer number;
  private long heldUntilNanos;
  private long timer;
  private Runnable onLost = () -> {};
  private Runnable onHeld = () -> {};
  private boolean acquiring;
  private boolean closed;

  /**
   * @param holder names the node and loop for people
   */
  public Lease(Vertx vertx, Leases leases, String holder, Duration length) {
    this.vertx = vertx;
    this.leases = leases;
    this.holder = holder;
    this.length = length;
  }

  /**
   * Takes out the lease, and keeps it extended from then on.
   *
   * @param onLost called when the lease was taken over: what was leased belongs to others now
   * @param onHeld called when the lease is held again after it was not
   */
  public Future<Void> open(Runnable onLost, Runnable onHeld) {
    this.onLost = onLost;
    this.onHeld = onHeld;
    return acquire()
        .onSuccess(_ -> timer = vertx.setPeriodic(length.toMillis() / 3, _ -> extend()))
        .mapEmpty();
  }

  /** The lease's number, or null while none is held. */
  public @Nullable Integer number() {
    return isHeld() ? number : null;
  }

  /** The number under which what we hold was leased, held now or not. */
  public @Nullable Integer last() {
    return number;
  }

  /** Whether we may work on what is leased to us. */
  public boolean isHeld() {
    return number != null && System.nanoTime() - heldUntilNanos < 0;
  }

  private Future<Integer> acquire() {
    acquiring = true;
    long asked = System.nanoTime();
    return leases
        .acquire(holder, length.toSeconds())
        .onComplete(
            acquired -> {
              acquiring = false;
              if (acquired.succeeded() && !closed) {
                number = acquired.result();
                held(asked);
              }
            });
  }

  private void extend() {
    Integer current = number;
    if (current == null && acquiring) {
      return; // a second lease beside the first would leave what the first holds unsettled
    }
    if (current == null) {
      acquire().onFailure(failure -> LOG.warn("No lease could be had: {}", failure.toString()));
      return;
    }
    long asked = System.nanoTime();
    leases
        .extend(current, length.toSeconds())
        .onComplete(
            extended -> {
              if (closed || !current.equals(number)) {
                return;
              }
              if (extended) {
                held(asked);
              } else {
                LOG.warn("Lease {} was taken over while this node was away", current);
                number = null;
                onLost.run();
                extend();
              }
            },
            failure -> LOG.warn("Lease {} is not extended: {}", current, failure.toString()));
  }

  private void held(long askedNanos) {
    boolean before = isHeld();
    heldUntilNanos = askedNanos + (long) (length.toNanos() * COUNTED);
    if (!before && isHeld()) {
      onHeld.run();
    }
  }

  /** Ends the lease; what is still leased waits to be claimed by others. */
  public Future<Void> close() {
    closed = true;
    vertx.cancelTimer(timer);
    Integer current = number;
    number = null;
    return current == null ? Future.succeededFuture() : leases.release(current);
  }
}
