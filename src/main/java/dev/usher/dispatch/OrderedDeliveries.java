package dev.usher.dispatch;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import java.util.List;

/**
 * The table of what is owed in order. Of each endpoint only the first delivery can be had, and only
 * while no other is under way, over all nodes.
 */
public interface OrderedDeliveries {
  /**
   * Active endpoints whose first delivery is due and in nobody's hands, the longest waiting first.
   *
   * @param limit how many at most
   * @param skip how many of the longest waiting are left out
   */
  Future<List<EndpointId>> waiting(int limit, int skip);

  /**
   * Leases the first delivery of each endpoint, where it can be had. Fails where another node was
   * quicker in the same moment: then nothing is leased.
   */
  Future<List<Delivery>> claim(int lease, List<Endpoint> endpoints);
}
