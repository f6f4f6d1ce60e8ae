package dev.usher.journal;

import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.OrganizationId;
import dev.usher.filter.EndpointFilters;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Which events of a batch the filters of which endpoints refuse: pairs, in two columns. */
final class Refused {
  private final EndpointFilters filters;
  private final List<UUID> events = new ArrayList<>(0);
  private final List<UUID> endpoints = new ArrayList<>(0);

  Refused(EndpointFilters filters) {
    this.filters = filters;
  }

  static Refused of(List<Event> batch, EndpointFilters filters) {
    Refused refused = new Refused(filters);
    for (int i = 0; i < batch.size(); i++) {
      Event event = batch.get(i);
      refused.judge(event.organization(), event.id().value(), event.type(), event.body());
    }
    return refused;
  }

  /** Adds those that refuse this event. */
  void judge(OrganizationId organization, UUID event, String type, byte[] body) {
    for (EndpointId endpoint : filters.refusing(organization, type, body)) {
      events.add(event);
      endpoints.add(endpoint.value());
    }
  }

  boolean isEmpty() {
    return events.isEmpty();
  }

  UUID[] events() {
    return events.toArray(UUID[]::new);
  }

  UUID[] endpoints() {
    return endpoints.toArray(UUID[]::new);
  }
}
