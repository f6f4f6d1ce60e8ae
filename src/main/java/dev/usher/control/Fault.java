package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * One thing that is wrong with a request. Texts are cut where they are long, and unpaired
 * surrogates replaced, so that a fault can always be written.
 *
 * @param field the member, query parameter or header, for example {@code events[2]}
 * @param value what was given; null where it is missing, not a plain value, or might be a secret
 * @param expected what would be right, in words
 */
record Fault(String field, @Nullable JsonNode value, String expected) {
  private static final int FIELD_CHARACTERS = 100;
  private static final int VALUE_CHARACTERS = 200;
  private static final int EXPECTED_CHARACTERS = 600;

  Fault {
    field = shown(field, FIELD_CHARACTERS);
    expected = shown(expected, EXPECTED_CHARACTERS);
    if (value != null && value.isTextual()) {
      value = Json.text(shown(value.textValue(), VALUE_CHARACTERS));
    }
  }

  /** A fault whose value is shown, where it is a plain value. */
  static Fault of(String field, JsonNode value, String expected) {
    return new Fault(field, value.isContainerNode() ? null : value, expected);
  }

  static Fault of(String field, String value, String expected) {
    return new Fault(field, Json.text(value), expected);
  }

  /** A fault whose value is missing, or must not be shown. */
  static Fault hidden(String field, String expected) {
    return new Fault(field, null, expected);
  }

  ObjectNode toJson() {
    ObjectNode json = Json.object().put("field", field);
    if (value != null) {
      json.set("value", value);
    }
    return json.put("expected", expected);
  }

  static ArrayNode all(Collection<Fault> faults) {
    ArrayNode all = JsonNodeFactory.instance.arrayNode();
    faults.forEach(fault -> all.add(fault.toJson()));
    return all;
  }

  private static String shown(String text, int maxCharacters) {
    String start = text.length() <= maxCharacters ? text : text.substring(0, maxCharacters) + "…";
    return new String(start.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }
}
