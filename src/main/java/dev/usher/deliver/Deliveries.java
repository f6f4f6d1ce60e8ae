package dev.usher.deliver;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.EventId;
import java.util.List;
import java.util.Set;

/**
 * The deliveries that one event loop works on: a lane for each endpoint, with a bounded queue and a
 * limit of exchanges at the same time, so that no endpoint stands in another's way.
 */
public interface Deliveries {
  /**
   * Takes a leased delivery. It is worked on until its attempt is logged.
   *
   * @return false when it was not taken: the endpoint is unknown here, not active, or its lane is
   *     full
   */
  boolean offer(Delivery delivery);

  /** The endpoints whose lanes are full. */
  List<EndpointId> full();

  /** How many deliveries the endpoint's lane still takes. */
  int room(Endpoint endpoint);

  /** How many bytes of events the endpoint's lane still takes, at least 1 where it takes any. */
  int roomBytes(Endpoint endpoint);

  /** Bytes of events that may still be taken over all lanes; not above zero: take nothing. */
  int freeBytes();

  /** What is held now: waiting, being delivered, or delivered and not yet logged. */
  Set<Key> held();

  /** What makes a delivery one of a kind. */
  record Key(EventId event, EndpointId endpoint) {}
}
