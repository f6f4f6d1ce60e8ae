package dev.usher.control;

import java.net.URI;
import java.util.Optional;

/** Where deliveries may go. Thread-safe; must not block, so it looks no name up. */
public interface EndpointUrlPolicy {
  /**
   * What is wrong with {@code url}, in words that say what is allowed; empty where it may be used.
   *
   * @param url absolute, {@code http} or {@code https}, with a host, without user and fragment.
   *     Refusing {@code http} where it is not allowed is this policy's part
   */
  Optional<String> fault(URI url);
}
