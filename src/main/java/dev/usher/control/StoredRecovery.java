package dev.usher.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.event.EndpointId;
import dev.usher.event.RecoveryId;
import java.time.Instant;

/**
 * A recovery as it is kept.
 *
 * @param status {@code running}, {@code done} or {@code cancelled}
 * @param found dead letters when it began, at most
 * @param recovered deliveries that it has made due so far
 */
record StoredRecovery(
    RecoveryId id,
    EndpointId endpoint,
    Instant since,
    Instant until,
    String status,
    long found,
    long recovered,
    Instant createdAt,
    Instant changedAt) {

  ObjectNode toJson() {
    return Json.object()
        .put("id", id.toString())
        .put("endpoint", endpoint.toString())
        .put("since", Times.text(since))
        .put("until", Times.text(until))
        .put("status", status)
        .put("deliveries", found)
        .put("recovered", recovered)
        .put("created_at", Times.text(createdAt))
        .put("changed_at", Times.text(changedAt));
  }
}
