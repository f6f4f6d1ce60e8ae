package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's members one by one and gathers what is wrong with them, so that one answer
 * names every fault. A member that is missing or JSON's null gives null; one that is wrong gives
 * null too and is noted.
 */
final class Fields {
  private static final int NAME_CHARACTERS = 120;

  private final ObjectNode body;
  private final String prefix;
  private final List<Fault> faults;

  /** Members of {@code body} that are not {@code known} are faults; their values are not shown. */
  Fields(ObjectNode body, List<String> known) {
    this(body, known, "", new ArrayList<>());
  }

  private Fields(ObjectNode body, List<String> known, String prefix, List<Fault> faults) {
    this.body = body;
    this.prefix = prefix;
    this.faults = faults;
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                unknown(name, known);
              }
            });
  }

  private void unknown(String name, List<String> known) {
    String expected =
        known.isEmpty() ? "no members" : "only the members " + String.join(", ", known);
    fault(Fault.hidden(name, expected));
  }

  /**
   * Reads an object within this one. What is wrong with it is gathered here.
   *
   * @param place stands before the names of its members, for example {@code events[2].}
   */
  Fields within(String place, ObjectNode part, List<String> known) {
    return new Fields(part, known, prefix + place, faults);
  }

  void fault(Fault fault) {
    faults.add(new Fault(prefix + fault.field(), fault.value(), fault.expected()));
  }

  /** Whether nothing is wrong so far. */
  boolean isRight() {
    return faults.isEmpty();
  }

  /** What was read where nothing is wrong, else the faults. */
  <T> Parsed<T> result(Supplier<T> value) {
    return faults.isEmpty()
        ? new Parsed.Valid<>(value.get())
        : new Parsed.Invalid<>(List.copyOf(faults));
  }

  /** The member as it is; null where it is missing or null. */
  @Nullable JsonNode member(String field) {
    JsonNode value = body.get(field);
    return value == null || value.isNull() ? null : value;
  }

  /** The member as it is; noted as missing where it is. */
  @Nullable JsonNode required(String field, String expected) {
    JsonNode value = member(field);
    if (value == null) {
      fault(Fault.hidden(field, expected + " (required)"));
    }
    return value;
  }

  /** The required name of something: 1 to 120 characters in one line, not all blank. */
  @Nullable String name(String field) {
    String expected = "1 to " + NAME_CHARACTERS + " characters without control characters";
    JsonNode value = required(field, expected);
    if (value == null) {
      return null;
    }
    String text = value.textValue();
    if (text == null
        || text.isBlank()
        || TextRules.length(text) > NAME_CHARACTERS
        || !TextRules.isOneLine(text)) {
      fault(Fault.of(field, value, expected));
      return null;
    }
    return text;
  }

  /** A text that must not be shown when it is wrong. */
  @Nullable String secret(String field, int maxCharacters) {
    JsonNode value = member(field);
    if (value == null) {
      return null;
    }
    String text = value.textValue();
    if (text == null
        || text.isEmpty()
        || text.length() > maxCharacters
        || !TextRules.isOneLine(text)) {
      fault(
          Fault.hidden(
              field, "a string of 1 to " + maxCharacters + " characters, none of them a control"));
      return null;
    }
    return text;
  }

  /** A time after {@code now}; null where it is missing. */
  @Nullable Instant time(String field, Instant now) {
    JsonNode value = member(field);
    if (value == null) {
      return null;
    }
    Instant time = value.isTextual() ? Times.parse(value.textValue()) : null;
    if (time == null || !time.isAfter(now)) {
      fault(Fault.of(field, value, "a time to come, such as 2035-11-23T14:10:00Z"));
      return null;
    }
    return time;
  }

  @Nullable Integer integer(String field, int min, int max) {
    JsonNode value = member(field);
    if (value == null) {
      return null;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      fault(Fault.of(field, value, "a whole number from " + min + " to " + max));
      return null;
    }
    return value.intValue();
  }

  @Nullable Duration duration(String field, Duration min, Duration max) {
    JsonNode value = member(field);
    return value == null ? null : duration(field, value, min, max);
  }

  /** As {@link #duration(String, Duration, Duration)}, of a value that stands inside another. */
  @Nullable Duration duration(String field, JsonNode value, Duration min, Duration max) {
    Duration duration = value.isTextual() ? DurationText.parse(value.textValue()) : null;
    if (duration == null || duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
      String range = DurationText.text(min) + " to " + DurationText.text(max);
      fault(Fault.of(field, value, "a duration from " + range + ", such as \"15s\" or \"5m\""));
      return null;
    }
    return duration;
  }

  /** A list of {@code min} to {@code max} values of any kind; each is the caller's to judge. */
  @Nullable List<JsonNode> list(String field, JsonNode value, int min, int max, String expected) {
    if (!(value instanceof ArrayNode array) || array.size() < min || array.size() > max) {
      fault(Fault.of(field, value, "a list of " + min + " to " + max + " " + expected));
      return null;
    }
    List<JsonNode> values = new ArrayList<>();
    array.forEach(values::add);
    return values;
  }

  /** An object of strings of at most {@code max} members; empty where it is missing. */
  Map<String, String> texts(String field, int max) {
    JsonNode value = member(field);
    if (value == null) {
      return Map.of();
    }
    if (!(value instanceof ObjectNode object) || object.size() > max) {
      fault(Fault.of(field, value, "an object of at most " + max + " strings"));
      return Map.of();
    }
    Map<String, String> texts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      if (member.getValue().isTextual()) {
        texts.put(member.getKey(), member.getValue().textValue());
      } else {
        fault(Fault.hidden(field + "." + member.getKey(), "a string"));
      }
    }
    return texts;
  }
}
