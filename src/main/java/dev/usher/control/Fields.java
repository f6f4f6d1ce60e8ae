package dev.usher.control;

import static java.util.stream.Collectors.toUnmodifiableSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request's members one by one and gathers what is wrong with them, so that one answer
 * names every fault. It begins with what the API's description finds wrong: a member with such a
 * fault gives null, as one does that is missing or JSON's null, and so nothing is told twice.
 */
final class Fields {
  private final ObjectNode body;
  private final String prefix;
  private final List<Fault> faults;
  private final Set<String> described;

  /** The members of a call's body. */
  Fields(Call call) {
    this(call, call.json());
  }

  /**
   * The members of a document that a call changes.
   *
   * @param patched the document with the call's body put onto it
   */
  Fields(Call call, ObjectNode patched) {
    this(
        patched,
        "",
        new ArrayList<>(call.faults()),
        call.faults().stream().map(Fault::field).collect(toUnmodifiableSet()));
  }

  private Fields(ObjectNode body, String prefix, List<Fault> faults, Set<String> described) {
    this.body = body;
    this.prefix = prefix;
    this.faults = faults;
    this.described = described;
  }

  /**
   * Reads an object within this one. What is wrong with it is gathered here.
   *
   * @param place stands before the names of its members, for example {@code events[2].}
   */
  Fields within(String place, ObjectNode part) {
    return new Fields(part, prefix + place, faults, described);
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

  /** The member as it is; null where it is missing, null or known to be wrong. */
  @Nullable JsonNode member(String field) {
    JsonNode value = body.get(field);
    return value == null || value.isNull() || described.contains(prefix + field) ? null : value;
  }

  @Nullable String text(String field) {
    JsonNode value = member(field);
    return value == null ? null : value.textValue();
  }

  /** As {@link #text}, where there is always one if nothing is wrong. */
  String textOrEmpty(String field) {
    return Objects.requireNonNullElse(text(field), "");
  }

  @Nullable Integer integer(String field) {
    JsonNode value = member(field);
    return value == null ? null : value.intValue();
  }

  boolean isTrue(String field) {
    JsonNode value = member(field);
    return value != null && value.booleanValue();
  }

  /** A time; null where it is missing. */
  @Nullable Instant time(String field) {
    return time(field, Instant.EPOCH.minusMillis(1), "a time such as 2025-11-23T14:10:00Z");
  }

  /** A time after {@code now}; null where it is missing. */
  @Nullable Instant timeAfter(Instant now, String field) {
    return time(field, now, "a time to come, such as 2035-11-23T14:10:00Z");
  }

  private @Nullable Instant time(String field, Instant after, String expected) {
    String text = text(field);
    if (text == null) {
      return null;
    }
    Instant time = Times.parse(text);
    if (time == null || !time.isAfter(after)) {
      fault(Fault.of(field, text, expected));
      return null;
    }
    return time;
  }

  @Nullable Duration duration(String field, Duration min, Duration max) {
    String text = text(field);
    return text == null ? null : duration(field, text, min, max);
  }

  /** Durations in a list; null where it is missing. */
  @Nullable List<Duration> durations(String field, Duration min, Duration max) {
    List<String> given = texts(field);
    if (given == null) {
      return null;
    }
    List<Duration> durations = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      Duration duration = duration(field + "[" + i + "]", given.get(i), min, max);
      if (duration != null) {
        durations.add(duration);
      }
    }
    return durations;
  }

  private @Nullable Duration duration(String field, String text, Duration min, Duration max) {
    Duration duration = DurationText.parse(text);
    boolean right =
        duration != null && duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0;
    if (!right && !described.contains(prefix + field)) {
      String range = DurationText.text(min) + " to " + DurationText.text(max);
      fault(Fault.of(field, text, "a duration from " + range + ", such as \"15s\" or \"5m\""));
    }
    return right ? duration : null;
  }

  /** A list of strings, each in its place; null where it is missing. */
  @Nullable List<String> texts(String field) {
    JsonNode value = member(field);
    if (value == null) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    value.forEach(text -> texts.add(text.isTextual() ? text.textValue() : ""));
    return texts;
  }

  /** Whether the description finds the member wrong. */
  boolean isWrong(String field) {
    return described.contains(prefix + field);
  }

  /**
   * An object of strings; empty where it is missing.
   *
   * @param max members: a patch adds to those that there are
   */
  Map<String, String> map(String field, int max) {
    JsonNode value = member(field);
    Map<String, String> texts = new LinkedHashMap<>();
    if (value == null) {
      return texts;
    }
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      if (member.getValue().isTextual()) {
        texts.put(member.getKey(), member.getValue().textValue());
      }
    }
    if (value.size() > max) {
      fault(Fault.hidden(field, "an object of at most " + max + " strings"));
    }
    return texts;
  }
}
