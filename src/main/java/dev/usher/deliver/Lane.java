package dev.usher.deliver;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop has to deliver to one endpoint: the deliveries that wait, those under way,
 * and what is prepared for this endpoint (keys, checked address).
 */
final class Lane {
  /** How long a checked address is used before its name is looked up again. */
  private static final long ADDRESS_LIFETIME_NANOS = 30_000_000_000L;

  private final EndpointId endpoint;
  private final Deque<Delivery> waiting = new ArrayDeque<>();
  // By identity: the same event may be resent while its first delivery is still under way.
  private final Set<Delivery> working = Collections.newSetFromMap(new IdentityHashMap<>());
  private int exchanges;
  private int heldBytes; // of what waits and what is under way
  private boolean begins; // attempts are being begun right now
  private @Nullable Pace pace; // of an endpoint with a rate

  private long revision = -1;
  private @Nullable Signatures signatures;
  private @Nullable Future<Target> target;
  private long targetUntilNanos;

  /** Where to send, or why not. */
  sealed interface Target {
    record Open(RequestOptions options) implements Target {}

    record Closed(String reason) implements Target {}
  }

  Lane(EndpointId endpoint) {
    this.endpoint = endpoint;
  }

  EndpointId endpoint() {
    return endpoint;
  }

  Deque<Delivery> waiting() {
    return waiting;
  }

  /** Deliveries whose attempt has begun and is not yet logged. */
  Set<Delivery> working() {
    return working;
  }

  boolean begins() {
    return begins;
  }

  void begins(boolean now) {
    begins = now;
  }

  @Nullable Pace pace() {
    return pace;
  }

  void pace(Pace of) {
    pace = of;
  }

  /** Bytes of events that wait here or are under way. */
  int heldBytes() {
    return heldBytes;
  }

  void holds(int bytes) {
    heldBytes += bytes;
  }

  int exchanges() {
    return exchanges;
  }

  void exchangeBegins(Delivery delivery) {
    working.add(delivery);
    exchanges++;
  }

  void exchangeEnds() {
    exchanges--;
  }

  boolean isIdle() {
    return waiting.isEmpty() && working.isEmpty();
  }

  Signatures signatures(Endpoint current) {
    renewFor(current);
    if (signatures == null) {
      signatures = new Signatures(current);
    }
    return signatures;
  }

  /** The checked address, kept for a short time; a failed look-up is not kept. */
  Future<Target> target(
      Endpoint current, AddressGuard guard, Connections connections, long nowNanos) {
    renewFor(current);
    Future<Target> known = target;
    if (known != null && !known.failed() && nowNanos - targetUntilNanos < 0) {
      return known;
    }
    Future<Target> checked =
        guard.check(current.url()).map(check -> target(current, check, connections));
    target = checked;
    targetUntilNanos = nowNanos + ADDRESS_LIFETIME_NANOS;
    return checked;
  }

  private void renewFor(Endpoint current) {
    if (revision != current.revision()) {
      revision = current.revision();
      signatures = null;
      target = null;
    }
  }

  private static Target target(
      Endpoint endpoint, AddressGuard.Check check, Connections connections) {
    URI url = endpoint.url();
    return switch (check) {
      case AddressGuard.Check.Refused(String reason) -> new Target.Closed(reason);
      case AddressGuard.Check.Allowed(var address) -> {
        String path =
            url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        RequestOptions options =
            new RequestOptions()
                .setMethod(HttpMethod.POST)
                // Connects to the address that was checked; Host, SNI and certificate use the name.
                .setServer(address)
                .setHost(url.getHost())
                .setPort(AddressGuard.port(url))
                .setSsl("https".equalsIgnoreCase(url.getScheme()))
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .setFollowRedirects(false);
        yield new Target.Open(
            connections.prepare(options, endpoint, InetAddress.ofLiteral(address.host())));
      }
    };
  }
}
