package dev.usher.filter;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endpoints that have a filter, as the registry tells. Shared by the node's event loops, which
 * neither wait nor lock. An organization without filters costs one look into a map; in one with
 * filters, a body is read once, where an endpoint with a filter subscribed to its type.
 */
public final class EndpointFilters {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointFilters.class);

  private record Filtered(EndpointId id, List<String> events, Filter filter) {
    boolean mayWant(String type) {
      for (String pattern : events) {
        if (pattern.endsWith("*")
            ? type.startsWith(pattern.substring(0, pattern.length() - 1))
            : type.equals(pattern)) {
          return true;
        }
      }
      return false;
    }
  }

  /** One organization's, and every place that they look at, once somebody asks. */
  private static final class Siblings {
    private final List<Filtered> all;
    private volatile @Nullable Pointers pointers; // made twice at worst

    private Siblings(Collection<Filtered> all) {
      this.all = List.copyOf(all);
    }

    private Function<Pointer, Found> read(byte[] body) {
      Pointers made = pointers;
      if (made == null) {
        made = Pointers.of(all.stream().map(Filtered::filter).toList());
        pointers = made;
      }
      return made.read(body);
    }
  }

  private final Map<EndpointId, OrganizationId> organizations = new HashMap<>();
  private final Map<OrganizationId, Map<EndpointId, Filtered>> members = new HashMap<>();

  /** What the event loops see. */
  private final Map<OrganizationId, Siblings> ready = new ConcurrentHashMap<>();

  /** An endpoint is new or changed. Called on one thread, as {@link #removed} is. */
  public void changed(Endpoint endpoint) {
    String stored = endpoint.filter();
    Filter filter = stored == null ? null : FilterReader.parse(stored);
    if (stored != null && filter == null) {
      LOG.warn("{} has a filter that is not understood here: it gets everything", endpoint.id());
    }
    if (filter == null) {
      removed(endpoint.id());
      return;
    }
    organizations.put(endpoint.id(), endpoint.organization());
    Map<EndpointId, Filtered> siblings =
        members.computeIfAbsent(endpoint.organization(), _ -> new HashMap<>());
    siblings.put(endpoint.id(), new Filtered(endpoint.id(), endpoint.events(), filter));
    ready.put(endpoint.organization(), new Siblings(siblings.values()));
  }

  public void removed(EndpointId endpoint) {
    OrganizationId organization = organizations.remove(endpoint);
    Map<EndpointId, Filtered> siblings = organization == null ? null : members.get(organization);
    if (siblings == null) {
      return;
    }
    siblings.remove(endpoint);
    if (siblings.isEmpty()) {
      members.remove(organization);
      ready.remove(organization);
    } else {
      ready.put(organization, new Siblings(siblings.values()));
    }
  }

  /** The endpoints whose filter does not want a payload of this type; most of the time none. */
  public List<EndpointId> refusing(OrganizationId organization, String type, byte[] body) {
    Siblings siblings = ready.get(organization);
    if (siblings == null) {
      return List.of();
    }
    List<EndpointId> refusing = new ArrayList<>();
    Function<Pointer, Found> values = null;
    for (Filtered filtered : siblings.all) {
      if (filtered.mayWant(type)) {
        values = values == null ? siblings.read(body) : values;
        if (!filtered.filter.accepts(values)) {
          refusing.add(filtered.id);
        }
      }
    }
    return refusing;
  }
}
