package dev.usher.deliver;

import dev.usher.event.Delivery;
import dev.usher.event.Endpoint;
import dev.usher.event.Event;
import io.vertx.core.MultiMap;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The headers of a delivery, apart from those that HTTP itself needs. */
final class Headers {
  private static final HexFormat HEX = HexFormat.of();
  private static final Pattern TRACEPARENT =
      Pattern.compile("(?m)^traceparent: 00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$");

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
    Matcher sent = TRACEPARENT.matcher(event.headers());
    if (sent.find()) {
      return "00-" + sent.group(1) + "-" + parent + "-" + sent.group(2);
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
