package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads events that are to be published, one or many, and finds everything wrong with them. */
final class PublishedEventReader {
  private static final String DATA_EXPECTED =
      "an object of at most " + PublishedEvent.MAX_DATA_BYTES + " bytes";

  private PublishedEventReader() {}

  /** One event; without an id it is named after the call's Idempotency-Key. */
  static Parsed<PublishedEvent> readOne(Call call) {
    Fields fields = new Fields(call);
    String data = fields.isRight() ? RawData.ofEvent(text(call)) : "";
    checkSize(data, fields);
    return fields.result(() -> event(call.json(), data, call.idempotencyKey()));
  }

  /** A batch; events without an id are named after the call's Idempotency-Key and their place. */
  static Parsed<List<PublishedEvent>> readBatch(Call call) {
    Fields fields = new Fields(call);
    List<PublishedEvent> events = new ArrayList<>();
    if (fields.isRight()) {
      JsonNode given = call.json().path("events");
      List<String> data = RawData.ofBatch(text(call));
      String named = call.idempotencyKey();
      for (int i = 0; i < data.size(); i++) {
        checkSize(data.get(i), fields.within(place(i), Json.object()));
        events.add(event(given.get(i), data.get(i), named == null ? null : named + "#" + i));
      }
    }
    return fields.result(() -> events);
  }

  /** What stands before the members of one event of a batch. */
  static String place(int index) {
    return "events[" + index + "].";
  }

  /**
   * An event as the API's description wants it.
   *
   * @param named what it is called where it has no id; null for nothing
   */
  private static PublishedEvent event(JsonNode event, String data, @Nullable String named) {
    String id = event.path("id").textValue();
    return new PublishedEvent(
        event.path("type").asText(),
        data,
        PublishedEvent.transaction(event.path("data")),
        id == null ? named : id);
  }

  private static void checkSize(String data, Fields fields) {
    if (data.length() > PublishedEvent.MAX_DATA_BYTES
        || data.getBytes(StandardCharsets.UTF_8).length > PublishedEvent.MAX_DATA_BYTES) {
      fields.fault(Fault.hidden("data", DATA_EXPECTED));
    }
  }

  private static String text(Call call) {
    return new String(call.body().bytes(), StandardCharsets.UTF_8);
  }
}
