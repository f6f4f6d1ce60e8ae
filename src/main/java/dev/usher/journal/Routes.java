package dev.usher.journal;

import dev.usher.event.Event;
import dev.usher.event.OrganizationId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The distinct (organization, type) pairs of a batch and the subscription patterns that cover each.
 * A batch has few of them, so subscriptions are looked up once for each pair and not for each
 * event.
 */
final class Routes {
  private record Route(OrganizationId organization, String type) {}

  private final Map<Route, Integer> known = new HashMap<>();
  private final List<Integer> numbers = new ArrayList<>();
  private final List<UUID> organizations = new ArrayList<>();
  private final List<String> patterns = new ArrayList<>();

  /** The number of the event's route. */
  Integer of(OrganizationId organization, String type) {
    Route route = new Route(organization, type);
    Integer number = known.get(route);
    if (number == null) {
      number = known.size();
      known.put(route, number);
      add(number, organization, type);
    }
    return number;
  }

  private void add(Integer number, OrganizationId organization, String type) {
    addPattern(number, organization, "*");
    if (type.startsWith(Event.SYSTEM_PREFIX)) {
      return; // a sender's, not ours: subscriptions to the gateway's own events do not cover it
    }
    for (int dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
      addPattern(number, organization, type.substring(0, dot) + ".*");
    }
    addPattern(number, organization, type);
  }

  private void addPattern(Integer number, OrganizationId organization, String pattern) {
    numbers.add(number);
    organizations.add(organization.value());
    patterns.add(pattern);
  }

  Integer[] numbers() {
    return numbers.toArray(Integer[]::new);
  }

  UUID[] organizations() {
    return organizations.toArray(UUID[]::new);
  }

  String[] patterns() {
    return patterns.toArray(String[]::new);
  }
}
