package dev.usher.deliver;

import dev.usher.event.Delivery;

/** Whether this event loop may work on its deliveries, and where those go that it cannot do. */
public interface Permit {
  /**
   * Whether the delivery is leased to us now; while it is not, no attempt is started, and none that
   * has begun sends its request.
   */
  boolean holds(Delivery delivery);

  /** Gives a delivery back, unattempted: it waits in the table until somebody claims it. */
  void release(Delivery delivery);
}
