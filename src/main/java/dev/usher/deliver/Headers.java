package dev.usher.deliver;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.Event;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;

/** The headers of a delivery, apart from those that HTTP itself needs. */
final class Headers {
  private static final HexFormat HEX = HexFormat.of();
  private static final String TRACEPARENT = "traceparent: ";

  private final String userAgent;

  /**
   * @param version of the gateway
   */
  Headers(String version) {
    this.userAgent = "Usher/" + version;
  }

  MultiMap of(Delivery delivery, Endpoint endpoint, Signatures signatures, Instant now) {
    Event event = delivery.event();
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    endpoint.headers().forEach(headers::add); // the endpoint's first: ours cannot be among them
    headers.set("content-type", event.contentType());
    headers.set("user-agent", userAgent);
    signatures.sign(delivery, now, headers);
    headers.set("usher-attempt", Integer.toString(delivery.attempts() + 1));
    headers.set("traceparent", traceparent(event));
    return headers;
  }

  /**
   * W3C Trace Context: the sender's trace where it sent one, otherwise one named by the event's id.
   */
  private static String traceparent(Event event) {
    String parent = HEX.toHexDigits(ThreadLocalRandom.current().nextLong() | 1);
    int sent = event.headers().indexOf(TRACEPARENT);
    int id = sent + TRACEPARENT.length() + 3;
    if (sent >= 0 && event.headers().length() >= id + 32 + 1 + 16 + 3) {
      String flags = event.headers().substring(id + 32 + 1 + 16, id + 32 + 1 + 16 + 3);
      return "00-" + event.headers().substring(id, id + 32) + "-" + parent + flags;
    }
    UUID trace = event.id().value();
    return "00-"
        + HEX.toHexDigits(trace.getMostSignificantBits())
        + HEX.toHexDigits(trace.getLeastSignificantBits())
        + "-"
        + parent
        + "-00";
  }
}
