package dev.usher.event;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place at which one sender's events are received.
 *
 * @param scheme the name of the signature scheme, for example {@code showpass}
 * @param keys the keys that verify, newest first; at least one
 * @param options what the scheme lets one configure, by option name; empty for its defaults
 * @param allowedNetworks the sender's networks; empty means any
 * @param rateLimit genuine events a second that one node takes; null for no limit
 * @param revision grows with every change of the source
 */
public record Source(
    SourceId id,
    OrganizationId organization,
    String name,
    String scheme,
    List<SecretKey> keys,
    Map<String, String> options,
    List<Network> allowedNetworks,
    @Nullable Integer rateLimit,
    long revision) {
  public Source {
    keys = List.copyOf(keys);
    options = Map.copyOf(options);
    allowedNetworks = List.copyOf(allowedNetworks);
  }
}
