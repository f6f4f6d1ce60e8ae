package dev.usher.dispatch;

import dev.usher.deliver.Deliveries;
import dev.usher.deliver.Permit;
import dev.usher.event.Delivery;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Hands on what was just committed, without a read from the table, and says beforehand what there
 * is room for.
 *
 * <p>Lives on one event loop.
 */
public final class Dispatcher implements Dispatch {
  private final Lease lease;
  private final Deliveries deliveries;
  private final Permit returns;
  private final Strays strays;

  public Dispatcher(Lease lease, Deliveries deliveries, Permit returns, Strays strays) {
    this.lease = lease;
    this.deliveries = deliveries;
    this.returns = returns;
    this.strays = strays;
  }

  @Override
  public @Nullable Integer lease() {
    return deliveries.freeBytes() > 0 ? lease.number() : null;
  }

  @Override
  public List<EndpointId> full() {
    return deliveries.full();
  }

  @Override
  public void committed(Event event, List<EndpointId> endpoints, int under) {
    for (EndpointId endpoint : endpoints) {
      take(new Delivery(event, endpoint, 0, under));
    }
  }

  /**
   * Takes on a leased delivery, or gives it back where there is no room after all, or where its
   * lease was lost before the statement's answer came: then it may be anybody's.
   */
  void take(Delivery delivery) {
    Integer ours = lease.last();
    if (ours == null || ours != delivery.lease() || !deliveries.offer(delivery)) {
      returns.release(delivery);
    }
  }

  @Override
  public void leasesAreUncertain() {
    strays.suspect();
  }
}
