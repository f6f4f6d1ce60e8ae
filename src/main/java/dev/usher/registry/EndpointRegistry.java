package dev.usher.registry;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints to deliver to. Asked for every delivery, from every event loop: it neither waits
 * nor locks.
 */
public interface EndpointRegistry {

  /** The endpoint as it is now; null where there is none, or none any more. */
  @Nullable Endpoint find(EndpointId id);

  /** All endpoints: a view that costs nothing to get and follows changes while it is read. */
  Collection<Endpoint> all();
}
