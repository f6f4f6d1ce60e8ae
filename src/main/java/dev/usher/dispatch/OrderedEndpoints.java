package dev.usher.dispatch;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which endpoints are ordered, as the registry tells. Shared by the node's event loops; where there
 * is none, asking costs next to nothing.
 */
public final class OrderedEndpoints {
  private final Map<EndpointId, OrganizationId> all = new ConcurrentHashMap<>();
  private final Map<OrganizationId, Set<EndpointId>> byOrganization = new ConcurrentHashMap<>();

  /** An endpoint is new or changed. Called on one thread, as {@link #removed} is. */
  public void changed(Endpoint endpoint) {
    if (endpoint.ordered()) {
      all.put(endpoint.id(), endpoint.organization());
      byOrganization
          .computeIfAbsent(endpoint.organization(), _ -> ConcurrentHashMap.newKeySet())
          .add(endpoint.id());
    } else {
      removed(endpoint.id());
    }
  }

  public void removed(EndpointId endpoint) {
    OrganizationId organization = all.remove(endpoint);
    if (organization != null) {
      Set<EndpointId> siblings = byOrganization.getOrDefault(organization, Set.of());
      siblings.remove(endpoint);
      if (siblings.isEmpty()) {
        byOrganization.remove(organization);
      }
    }
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  boolean contains(EndpointId endpoint) {
    return all.containsKey(endpoint);
  }

  Collection<EndpointId> of(OrganizationId organization) {
    return byOrganization.getOrDefault(organization, Collections.emptySet());
  }
}
