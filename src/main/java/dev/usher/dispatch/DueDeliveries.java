package dev.usher.dispatch;

import dev.usher.deliver.Deliveries;
import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.util.List;

/** The table of what is still owed. */
public interface DueDeliveries {
  /**
   * What there is room for at one endpoint.
   *
   * @param bytes of events, as {@link Event#weight()} counts them; the first is taken whatever its
   *     size
   */
  record Room(Endpoint endpoint, int deliveries, int bytes) {}

  /**
   * Active endpoints that have a delivery which is due and not leased, the longest waiting first.
   *
   * @param limit how many at most
   * @param skip how many of the longest waiting are left out
   */
  Future<List<EndpointId>> waiting(int limit, int skip);

  /**
   * Leases due deliveries, the oldest of each endpoint first.
   *
   * @param room what may be taken for each endpoint
   * @param mostBytes bytes of events to take over all; the first is taken whatever its size
   */
  Future<List<Delivery>> claim(int lease, List<Room> room, int mostBytes);

  /** Gives deliveries back, due as before, where they are still leased as they say. */
  Future<Void> release(List<Delivery> deliveries);

  /** Everything that is leased under this number. */
  Future<List<Deliveries.Key>> leased(int lease);

  /** Frees some of what is leased under this number. */
  Future<Void> free(int lease, List<Deliveries.Key> strays);
}
