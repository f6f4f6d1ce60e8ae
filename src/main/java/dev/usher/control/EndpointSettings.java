package dev.usher.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Endpoint;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an organization decides about an endpoint.
 *
 * @param events the patterns as they were given
 * @param timeout null for the gateway's default; so too the schedule and the concurrency
 * @param filter which payloads it wants, as JSON; null for all
 * @param ordered whether events arrive one at a time in the order of their acceptance
 * @param rateLimit deliveries a second over all nodes; null for no limit
 */
record EndpointSettings(
    String name,
    URI url,
    List<String> events,
    Endpoint.Signature signature,
    Map<String, String> headers,
    @Nullable Duration timeout,
    @Nullable List<Duration> retrySchedule,
    @Nullable Integer concurrency,
    @Nullable Integer rateLimit,
    boolean ordered,
    @Nullable String filter) {

  /** The settings as a request could have given them: what a patch is put onto. */
  ObjectNode toJson() {
    ObjectNode json =
        Json.object()
            .put("name", name)
            .put("url", url.toString())
            .put("signature", text(signature))
            .put("timeout", timeout == null ? null : DurationText.text(timeout))
            .put("concurrency", concurrency)
            .put("rate_limit", rateLimit)
            .put("ordered", ordered);
    if (filter == null) {
      json.putNull("filter");
    } else {
      json.set("filter", Json.trusted(filter));
    }
    json.set("events", Json.texts(events));
    json.set("headers", Json.texts(headers));
    if (retrySchedule == null) {
      json.putNull("retry_schedule");
    } else {
      ArrayNode waits = json.putArray("retry_schedule");
      retrySchedule.forEach(wait -> waits.add(DurationText.text(wait)));
    }
    return json;
  }

  /** {@code standard-webhooks} for {@code STANDARD_WEBHOOKS}, and so on. */
  static String text(Endpoint.Signature signature) {
    return signature.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Without the headers, which may hold credentials. */
  @Override
  public String toString() {
    return "EndpointSettings[" + name + ", " + url + "]";
  }
}
