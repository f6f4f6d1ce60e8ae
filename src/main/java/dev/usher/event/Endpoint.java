package dev.usher.event;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A URL to which an organization's events are delivered.
 *
 * @param events what it subscribed to: event types, {@code prefix.*}, or {@code *}
 * @param keys the keys that sign, newest first; at least one
 * @param headers the organization's own headers on every delivery
 * @param timeout over one whole exchange, 1 s to 30 s; null for the gateway's default
 * @param retrySchedule the wait after each failed attempt; null for the gateway's default
 * @param concurrency exchanges at the same time on one node, 1 to 1,000; null for the default
 * @param rateLimit deliveries a second over all nodes; null for no limit
 * @param ordered whether events arrive one at a time in the order of their acceptance
 * @param tls how its TLS connections differ from others; null where they do not
 * @param filter which payloads it wants, as JSON; null for all
 * @param revision grows with every change of the endpoint
 */
public record Endpoint(
    EndpointId id,
    OrganizationId organization,
    String name,
    URI url,
    List<String> events,
    Status status,
    List<SecretKey> keys,
    Signature signature,
    Map<String, String> headers,
    @Nullable Duration timeout,
    @Nullable List<Duration> retrySchedule,
    @Nullable Integer concurrency,
    @Nullable Integer rateLimit,
    boolean ordered,
    @Nullable ClientTls tls,
    @Nullable String filter,
    long revision) {

  /** Whether deliveries flow. In every state but {@code ACTIVE} they are kept and wait. */
  public enum Status {
    ACTIVE,
    PAUSED,
    DISABLED
  }

  /** Which signatures a delivery carries. */
  public enum Signature {
    SHOWPASS,
    STANDARD_WEBHOOKS,
    BOTH
  }

  public Endpoint {
    events = List.copyOf(events);
    keys = List.copyOf(keys);
    headers = Map.copyOf(headers);
    retrySchedule = retrySchedule == null ? null : List.copyOf(retrySchedule);
  }

  /** The same endpoint with another time limit. */
  public Endpoint withTimeout(Duration other) {
    return new Endpoint(
        id,
        organization,
        name,
        url,
        events,
        status,
        keys,
        signature,
        headers,
        other,
        retrySchedule,
        concurrency,
        rateLimit,
        ordered,
        tls,
        filter,
        revision);
  }

  /** Without the headers and the URL, which may hold credentials. */
  @Override
  public String toString() {
    return "Endpoint[" + id + ", " + status + ", revision " + revision + "]";
  }

  public boolean isActive() {
    return status == Status.ACTIVE;
  }
}
