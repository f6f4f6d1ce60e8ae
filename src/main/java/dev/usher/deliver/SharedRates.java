package dev.usher.deliver;

import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;

/**
 * This node's share of each endpoint's rate, for while the nodes cannot come to terms: the rate
 * divided by the event loops of all nodes, times those of this one.
 *
 * <p>Shared by the node's event loops, without a lock.
 */
public final class SharedRates implements EndpointRates {
  private final int own;
  private final IntSupplier all;
  private final Map<EndpointId, AtomicLong> nextFree = new ConcurrentHashMap<>();

  /**
   * @param own event loops of this node
   * @param all event loops of all nodes that are up, as far as is known
   */
  public SharedRates(int own, IntSupplier all) {
    this.own = own;
    this.all = all;
  }

  @Override
  public Future<Slots> reserve(EndpointId endpoint, int perSecond, int wanted) {
    double share = (double) perSecond * own / Math.max(own, all.getAsInt());
    AtomicLong next = nextFree.computeIfAbsent(endpoint, _ -> new AtomicLong(System.nanoTime()));
    while (true) {
      long before = next.get();
      long now = System.nanoTime();
      Slots slots = Ahead.slots(Math.max(0, before - now), (long) (1e9 / share), wanted);
      if (slots.count() == 0) {
        return Future.succeededFuture(slots);
      }
      long after = now + slots.firstInNanos() + slots.count() * slots.everyNanos();
      if (next.compareAndSet(before, after)) {
        return Future.succeededFuture(slots);
      }
    }
  }

  /** Forgets an endpoint that is deleted. */
  public void forget(EndpointId endpoint) {
    nextFree.remove(endpoint);
  }
}
