package dev.usher.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Turns the form of a source into what the API takes, and a source into the form. */
final class SourceForm {
  private SourceForm() {}

  static Map<String, String> values(Item source) {
    Map<String, String> values = new HashMap<>();
    values.put("name", source.text("name"));
    values.put("scheme", source.text("scheme"));
    values.put("rate_limit", source.text("rate_limit"));
    values.put("allowed_networks", String.join("\n", source.texts("allowed_networks")));
    values.put(
        "options",
        source.map("options").entrySet().stream()
            .map(option -> option.getKey() + ": " + option.getValue())
            .collect(Collectors.joining("\n")));
    return values;
  }

  /**
   * What the form asks for.
   *
   * @param before the source as it is; nothing for a new one
   */
  static ObjectNode json(Visit visit, Item before) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", visit.field("name"));
    if (before.json().isMissingNode()) {
      json.put("scheme", visit.field("scheme"));
      if (!visit.field("secret").isEmpty()) {
        json.put("secret", visit.field("secret"));
      }
    }
    String rate = visit.field("rate_limit");
    if (rate.matches("\\d{1,9}")) {
      json.put("rate_limit", Integer.parseInt(rate));
    } else {
      json.put("rate_limit", rate.isEmpty() ? null : rate);
    }
    EndpointForm.words(visit.field("allowed_networks"))
        .forEach(json.putArray("allowed_networks")::add);
    ObjectNode options = json.putObject("options");
    before.map("options").keySet().forEach(options::putNull);
    for (String line : visit.field("options").split("\\R", -1)) {
      int colon = line.indexOf(':');
      String name = (colon < 0 ? line : line.substring(0, colon)).strip();
      if (!name.isEmpty()) {
        options.put(name, colon < 0 ? "" : line.substring(colon + 1).strip());
      }
    }
    return json;
  }
}
