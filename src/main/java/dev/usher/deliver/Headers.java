package dev.usher.deliver;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.Event;
import dev.usher.trace.Trace;
import dev.usher.trace.TraceParent;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** The headers of a delivery, apart from those that HTTP itself needs. */
final class Headers {
  private final String userAgent;

  /**
   * @param version of the gateway
   */
  Headers(String version) {
    this.userAgent = "Usher/" + version;
  }

  MultiMap of(
      Delivery delivery,
      Endpoint endpoint,
      Signatures signatures,
      Instant now,
      @Nullable Trace trace) {
    Event event = delivery.event();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    endpoint.headers().forEach(headers::add); // the endpoint's first: ours cannot be among them
    headers.set("content-type", event.contentType());
    headers.set("user-agent", userAgent);
    signatures.sign(delivery, now, headers);
    headers.set("usher-attempt", Integer.toString(delivery.attempts() + 1));
    headers.set("traceparent", trace == null ? goingOn(event) : trace.parent());
    String state = trace == null ? null : trace.state();
    if (state != null) {
      headers.set("tracestate", state);
    }
    return headers;
  }

  /**
   * The sender's trace where it sent one, otherwise one named by the event's id: receivers see
   * which attempts belong together also while we trace nothing.
   */
  private static String goingOn(Event event) {
    return TraceParent.of(event).at(ThreadLocalRandom.current().nextLong() | 1).toString();
  }
}
