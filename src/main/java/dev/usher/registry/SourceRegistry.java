package dev.usher.registry;

import dev.usher.event.Source;
import org.jspecify.annotations.Nullable;

/**
 * The sources that may send. Asked on every request, from every event loop: it neither waits nor
 * locks.
 */
public interface SourceRegistry {

  /**
   * The source at the address {@code /in/sourceIdText}; null where there is none.
   *
   * @param sourceIdText as it stands in the request's path, whatever that is
   */
  @Nullable Source find(String sourceIdText);
}
