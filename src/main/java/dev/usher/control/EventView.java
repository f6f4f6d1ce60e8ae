package dev.usher.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.usher.control.PostgresDeliveries.Due;
import dev.usher.event.EndpointId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How one event is shown: its content, and each endpoint's delivery with the attempts. */
final class EventView {
  private EventView() {}

  /**
   * The event as JSON.
   *
   * @param due what is still owed
   * @param attempts newest first
   */
  static ObjectNode of(StoredEvent.Content content, List<Due> due, List<StoredAttempt> attempts) {
    Map<String, DeliveryView> byEndpoint = new TreeMap<>();
    due.forEach(owed -> view(byEndpoint, owed.endpoint()).dueAt = owed.at());
    attempts.forEach(attempt -> view(byEndpoint, attempt.endpoint()).attempts.add(attempt));
    List<EventStatus> statuses = byEndpoint.values().stream().map(DeliveryView::status).toList();
    ObjectNode json = content.toJson(EventStatus.of(statuses));
    ArrayNode deliveries = json.putArray("deliveries");
    byEndpoint.forEach((endpoint, view) -> deliveries.add(view.toJson(endpoint)));
    return json;
  }

  private static DeliveryView view(Map<String, DeliveryView> byEndpoint, EndpointId endpoint) {
    return byEndpoint.computeIfAbsent(endpoint.toString(), id -> new DeliveryView());
  }

  /** One endpoint's part: a due time, or at least one attempt. */
  private static final class DeliveryView {
    private @Nullable Instant dueAt;
    private final List<StoredAttempt> attempts = new ArrayList<>();

    private EventStatus status() {
      if (dueAt != null) {
        return EventStatus.PENDING;
      }
      return attempts.getFirst().succeeded() ? EventStatus.SUCCEEDED : EventStatus.FAILED;
    }

    private ObjectNode toJson(String endpoint) {
      ObjectNode json =
          Json.object()
              .put("endpoint", endpoint)
              .put("status", status().text())
              .put("next_attempt_at", Times.textOrNull(dueAt));
      ArrayNode array = json.putArray("attempts");
      attempts.forEach(attempt -> array.add(attempt.toJson()));
      return json;
    }
  }
}
