package dev.usher.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns the form of an endpoint into what the API takes, and an endpoint into the form. */
final class EndpointForm {
  /** How the API shows a header whose value may be a credential. */
  private static final String HIDDEN = "(hidden)";

  private static final ObjectMapper JSON = new ObjectMapper();

  private EndpointForm() {}

  /** A new endpoint's: everything at its default. */
  static Map<String, String> empty() {
    return Map.of("signature", "both", "status", "active");
  }

  /** What stands in the form of an endpoint that is there. */
  static Map<String, String> values(Item endpoint) {
    Map<String, String> values = new HashMap<>();
    for (String name :
        List.of("name", "url", "signature", "status", "timeout", "concurrency", "rate_limit")) {
      values.put(name, endpoint.text(name));
    }
    values.put("events", String.join("\n", endpoint.texts("events")));
    values.put("retry_schedule", String.join(", ", endpoint.texts("retry_schedule")));
    values.put("ordered", endpoint.is("ordered") ? "on" : "");
    values.put("filter", endpoint.has("filter") ? endpoint.pretty("filter") : "");
    values.put(
        "headers",
        endpoint.map("headers").entrySet().stream()
            .map(header -> header.getKey() + ": " + header.getValue())
            .collect(Collectors.joining("\n")));
    return values;
  }

  /**
   * What the form asks for: of an endpoint that is there a merge patch.
   *
   * @param before the endpoint as it is shown; nothing for a new one
   */
  static ObjectNode json(Visit visit, Item before) {
    ObjectNode json =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", visit.field("name"))
            .put("url", visit.field("url"))
            .put("signature", visit.field("signature"))
            .put("ordered", visit.field("ordered").equals("on"));
    text(json, "timeout", visit.field("timeout"));
    number(json, "concurrency", visit.field("concurrency"));
    number(json, "rate_limit", visit.field("rate_limit"));
    ArrayNode events = json.putArray("events");
    visit.fields("events").stream()
        .flatMap(text -> words(text).stream())
        .distinct()
        .forEach(events::add);
    List<String> waits = words(visit.field("retry_schedule"));
    if (waits.isEmpty()) {
      json.putNull("retry_schedule");
    } else {
      waits.forEach(json.putArray("retry_schedule")::add);
    }
    json.set("headers", headers(visit.field("headers"), before.map("headers")));
    filter(json, visit.field("filter"), before);
    return json;
  }

  private static void text(ObjectNode json, String name, String value) {
    json.put(name, value.isEmpty() ? null : value);
  }

  /** What is no number goes to the API as it is, which says what it expected. */
  private static void number(ObjectNode json, String name, String value) {
    if (value.matches("\\d{1,9}")) {
      json.put(name, Integer.parseInt(value));
    } else {
      text(json, name, value);
    }
  }

  /** Separated by commas, spaces or lines. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    for (String word : text.split("[,\\s]+", -1)) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    return words;
  }

  /** Lines of {@code name: value}. What is hidden stays, what is gone is taken away. */
  private static ObjectNode headers(String text, Map<String, String> before) {
    ObjectNode headers = JsonNodeFactory.instance.objectNode();
    before.keySet().forEach(headers::putNull);
    for (String line : text.split("\\R", -1)) {
      int colon = line.indexOf(':');
      String name = (colon < 0 ? line : line.substring(0, colon)).strip();
      String value = colon < 0 ? "" : line.substring(colon + 1).strip();
      if (value.equals(HIDDEN) && before.containsKey(name)) {
        headers.remove(name);
      } else if (!name.isEmpty()) {
        headers.put(name, value);
      }
    }
    return headers;
  }

  private static void filter(ObjectNode json, String text, Item before) {
    if (text.isEmpty()) {
      if (before.has("filter")) {
        json.putNull("filter");
      }
      return;
    }
    try {
      JsonNode filter = JSON.readTree(text);
      json.set("filter", filter);
    } catch (JsonProcessingException e) {
      json.put("filter", text); // no JSON: the API says what it expected
    }
  }
}
