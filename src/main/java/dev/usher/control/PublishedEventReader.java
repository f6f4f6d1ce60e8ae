package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads events that are to be published, one or many, and finds everything wrong with them. */
final class PublishedEventReader {
  static final int MAX_EVENTS = 1_000;

  private static final List<String> MEMBERS = List.of("type", "data", "id");

  private static final String DATA_EXPECTED =
      "an object of at most " + PublishedEvent.MAX_DATA_BYTES + " bytes";

  private PublishedEventReader() {}

  /** An event as far as its tree tells it. */
  private record Draft(String type, @Nullable String transaction, @Nullable String key) {
    PublishedEvent with(String data) {
      return new PublishedEvent(type, data, transaction, key);
    }
  }

  /** One event; without an id it is named after the call's Idempotency-Key. */
  static Parsed<PublishedEvent> readOne(Call call) {
    Fields fields = new Fields(call.json(), MEMBERS);
    Draft draft = read(fields, call.idempotencyKey());
    String data = fields.isRight() ? RawData.ofEvent(text(call)) : "";
    checkSize(data, fields);
    return fields.result(() -> Objects.requireNonNull(draft).with(data));
  }

  /** A batch; events without an id are named after the call's Idempotency-Key and their place. */
  static Parsed<List<PublishedEvent>> readBatch(Call call) {
    Fields fields = new Fields(call.json(), List.of("events"));
    List<Draft> drafts = drafts(call, fields);
    List<PublishedEvent> events = new ArrayList<>();
    if (fields.isRight()) {
      List<String> data = RawData.ofBatch(text(call));
      for (int i = 0; i < drafts.size(); i++) {
        checkSize(data.get(i), fields.within(place(i), Json.object(), List.of()));
        events.add(drafts.get(i).with(data.get(i)));
      }
    }
    return fields.result(() -> events);
  }

  private static List<Draft> drafts(Call call, Fields fields) {
    String expected = "a list of 1 to " + MAX_EVENTS + " events";
    JsonNode value = fields.required("events", expected);
    List<JsonNode> given =
        value == null ? null : fields.list("events", value, 1, MAX_EVENTS, "events");
    String named = call.idempotencyKey();
    List<Draft> drafts = new ArrayList<>();
    for (int i = 0; given != null && i < given.size(); i++) {
      if (given.get(i) instanceof ObjectNode event) {
        Fields own = fields.within(place(i), event, MEMBERS);
        Draft draft = read(own, named == null ? null : named + "#" + i);
        if (draft != null) {
          drafts.add(draft);
        }
      } else {
        fields.fault(Fault.of("events[" + i + "]", given.get(i), "an object"));
      }
    }
    return drafts;
  }

  /** What stands before the members of one event of a batch. */
  static String place(int index) {
    return "events[" + index + "].";
  }

  /** The event whose members {@code fields} reads; null where something is wrong with it. */
  private static @Nullable Draft read(Fields fields, @Nullable String named) {
    String type = type(fields);
    JsonNode data = fields.required("data", DATA_EXPECTED);
    if (data != null && !data.isObject()) {
      fields.fault(Fault.of("data", data, DATA_EXPECTED));
    }
    String key = key(fields, named);
    return type == null || data == null
        ? null
        : new Draft(type, PublishedEvent.transaction(data), key);
  }

  private static @Nullable String type(Fields fields) {
    JsonNode value = fields.required("type", EventPatterns.TYPE_EXPECTED);
    if (value == null) {
      return null;
    }
    String type = value.textValue();
    if (type == null || !EventPatterns.isPublicType(type)) {
      fields.fault(Fault.of("type", value, EventPatterns.TYPE_EXPECTED));
      return null;
    }
    return type;
  }

  private static @Nullable String key(Fields fields, @Nullable String named) {
    JsonNode value = fields.member("id");
    if (value == null) {
      return named;
    }
    if (!value.isTextual() || !PublishedEvent.isKey(value.textValue())) {
      fields.fault(Fault.of("id", value, PublishedEvent.KEY_EXPECTED));
    }
    return value.textValue();
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
