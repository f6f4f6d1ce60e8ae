package dev.usher.deliver;

import dev.usher.event.EndpointId;
import io.vertx.core.Future;

/**
 * Hands out the moments at which deliveries to an endpoint may begin, so that all nodes together
 * keep to its rate.
 */
public interface EndpointRates {
  /**
   * Moments in a row.
   *
   * @param count how many, from 0
   * @param firstInNanos until the first; where there are none, until it is worth asking again
   * @param everyNanos between two of them
   */
  record Slots(int count, long firstInNanos, long everyNanos) {}

  /**
   * Reserves slots, which nobody else gets then. One that is not used is lost.
   *
   * @param perSecond the endpoint's rate, from 1
   * @param wanted how many, from 1; there may be fewer
   * @return never fails
   */
  Future<Slots> reserve(EndpointId endpoint, int perSecond, int wanted);
}
