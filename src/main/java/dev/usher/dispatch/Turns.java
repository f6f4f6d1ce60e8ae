package dev.usher.dispatch;

import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import java.util.function.Consumer;

/**
 * Tells one event loop's {@link OrderedClaimer} at once when it may be an ordered endpoint's turn:
 * so that order does not cost the wait for the next look at the table.
 *
 * <p>Lives on one event loop.
 */
public final class Turns implements Order {
  private final OrderedEndpoints endpoints;
  private Consumer<EndpointId> onCommitted = _ -> {};
  private Consumer<EndpointId> onSettled = _ -> {};

  public Turns(OrderedEndpoints endpoints) {
    this.endpoints = endpoints;
  }

  /** Who is told of endpoints that got something new, and of those whose turn it is now. */
  void tell(Consumer<EndpointId> committed, Consumer<EndpointId> settled) {
    onCommitted = committed;
    onSettled = settled;
  }

  @Override
  public boolean isNeeded() {
    return !endpoints.isEmpty();
  }

  @Override
  public void committed(OrganizationId organization) {
    endpoints.of(organization).forEach(onCommitted);
  }

  /** An attempt to deliver to this endpoint is settled in the table. */
  void settled(EndpointId endpoint) {
    if (endpoints.contains(endpoint)) {
      onSettled.accept(endpoint);
    }
  }
}
