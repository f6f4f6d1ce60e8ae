package dev.usher.control;

import io.vertx.core.Future;
import java.net.URI;
import java.util.Optional;

/** Where deliveries may go. Thread-safe; must not block. */
public interface EndpointUrlPolicy {
  /**
   * What is wrong with {@code url} as it stands, no name looked up, in words that say what is
   * allowed; empty where it may be used.
   *
   * @param url absolute, {@code http} or {@code https}, with a host, without user and fragment.
   *     Refusing {@code http} where it is not allowed is this policy's part
   */
  Optional<String> fault(URI url);

  /**
   * The same with the host's name looked up, for a URL that {@link #fault} had nothing against.
   *
   * @return soon; empty also where the name cannot be looked up. Never fails
   */
  default Future<Optional<String>> faultNow(URI url) {
    return Future.succeededFuture(Optional.empty());
  }
}
