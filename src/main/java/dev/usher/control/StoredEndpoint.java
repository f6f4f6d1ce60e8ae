package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as it is kept, without its secrets.
 *
 * @param disabledReason why it is disabled; null where it is not
 */
record StoredEndpoint(
    EndpointId id,
    EndpointSettings settings,
    Endpoint.Status status,
    @Nullable String disabledReason,
    Instant createdAt,
    Instant changedAt,
    long revision)
    implements Stored {

  @Override
  public UUID uuid() {
    return id.value();
  }

  /** How an endpoint is shown: its settings without credentials, and what the gateway knows. */
  @Override
  public ObjectNode toJson() {
    ObjectNode json = Json.object().put("id", id.toString());
    json.setAll(settings.toJson());
    json.set("headers", Json.texts(HeaderRules.withoutCredentials(settings.headers())));
    json.put("status", status.name().toLowerCase(Locale.ROOT));
    if (disabledReason != null) {
      json.put("disabled_reason", disabledReason);
    }
    return json.put("created_at", Times.text(createdAt)).put("changed_at", Times.text(changedAt));
  }
}
