package dev.usher.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a filter and finds everything that is wrong with it.
 *
 * <pre>
 * {"pointer": P, "equals": V}   {"pointer": P, "in": [V, …]}   {"pointer": P, "prefix": "…"}
 * {"pointer": P, "exists": true}   {"and": [F, …]}   {"or": [F, …]}   {"not": F}
 * </pre>
 */
public final class FilterReader {
  /** As JSON. */
  public static final int MAX_CHARACTERS = 8_192;

  static final int MAX_DEPTH = 8;
  static final int MAX_PARTS = 50;
  static final int MAX_VALUES = 100;

  private static final String EXPECTED =
      "{\"pointer\": …} with one of equals, in, prefix, exists; or one of and, or, not";
  private static final String SCALAR = "a string, a number, true, false or null";
  private static final Set<String> OPERATORS =
      Set.of("equals", "in", "prefix", "exists", "and", "or", "not");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** Told of what is wrong. */
  @FunctionalInterface
  public interface Faults {
    /**
     * A fault.
     *
     * @param field the member, for example {@code filter.and[1].pointer}
     * @param value what was given
     */
    void add(String field, JsonNode value, String expected);
  }

  private final Faults faults;
  private int parts;

  private FilterReader(Faults faults) {
    this.faults = faults;
  }

  /**
   * Reads {@code json}.
   *
   * @param field its name, for faults
   * @return null where something is wrong, of which {@code faults} was told
   */
  public static @Nullable Filter read(JsonNode json, String field, Faults faults) {
    if (json.toString().length() > MAX_CHARACTERS) {
      faults.add(field, json, "a filter of at most " + MAX_CHARACTERS + " characters of JSON");
      return null;
    }
    return new FilterReader(faults).filter(json, field, 1);
  }

  /**
   * Reads what was stored.
   *
   * @return null where it cannot be read: a newer version wrote it, or a person
   */
  public static @Nullable Filter parse(String stored) {
    try {
      return read(JSON.readTree(stored), "", (_, _, _) -> {});
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private @Nullable Filter filter(JsonNode json, String field, int depth) {
    parts++;
    if (parts == MAX_PARTS + 1) { // told once
      faults.add(field, json, "at most " + MAX_PARTS + " conditions in all");
    }
    if (parts > MAX_PARTS) {
      return null;
    }
    if (depth > MAX_DEPTH) {
      return wrong(field, json, "conditions nested at most " + MAX_DEPTH + " deep");
    }
    String operator = operator(json);
    if (operator == null) {
      return wrong(field, json, EXPECTED);
    }
    JsonNode operand = json.get(operator);
    String place = field + "." + operator;
    return switch (operator) {
      case "and" -> {
        List<Filter> all = filters(operand, place, depth);
        yield all == null ? null : new Filter.And(all);
      }
      case "or" -> {
        List<Filter> all = filters(operand, place, depth);
        yield all == null ? null : new Filter.Or(all);
      }
      case "not" -> {
        Filter part = filter(operand, place, depth + 1);
        yield part == null ? null : new Filter.Not(part);
      }
      default -> value(json.get("pointer"), field, condition(operator, operand, place));
    };
  }

  /** The one operator that is there, with a pointer where it takes one; null otherwise. */
  private static @Nullable String operator(JsonNode json) {
    List<String> operators = new ArrayList<>();
    int others = 0;
    for (Map.Entry<String, JsonNode> member : json.properties()) {
      if (OPERATORS.contains(member.getKey())) {
        operators.add(member.getKey());
      } else if (!member.getKey().equals("pointer")) {
        others++;
      }
    }
    if (operators.size() != 1 || others > 0) {
      return null;
    }
    boolean joins = Set.of("and", "or", "not").contains(operators.getFirst());
    return json.has("pointer") == joins ? null : operators.getFirst();
  }

  private @Nullable List<Filter> filters(JsonNode json, String field, int depth) {
    if (!json.isArray() || json.isEmpty()) {
      faults.add(field, json, "a list of conditions, at least one");
      return null;
    }
    List<Filter> filters = new ArrayList<>();
    for (int i = 0; i < json.size() && parts <= MAX_PARTS; i++) {
      Filter filter = filter(json.get(i), field + "[" + i + "]", depth + 1);
      if (filter != null) {
        filters.add(filter);
      }
    }
    return filters.size() == json.size() ? List.copyOf(filters) : null;
  }

  private @Nullable Filter value(
      JsonNode json, String field, Filter.@Nullable Condition condition) {
    Pointer pointer = json.isTextual() ? Pointer.parse(json.textValue()) : null;
    if (pointer == null) {
      return wrong(field + ".pointer", json, Pointer.EXPECTED);
    }
    return condition == null ? null : new Filter.Value(pointer, condition);
  }

  private Filter.@Nullable Condition condition(String operator, JsonNode operand, String field) {
    return switch (operator) {
      case "equals" -> {
        Found value = scalar(operand, field);
        yield value == null ? null : new Filter.Condition.OneOf(Set.of(value));
      }
      case "in" -> oneOf(operand, field);
      case "prefix" ->
          operand.isTextual() && !operand.textValue().isEmpty()
              ? new Filter.Condition.Prefix(operand.textValue())
              : wrongCondition(field, operand, "a string that is not empty");
      default ->
          operand.isBoolean()
              ? new Filter.Condition.Exists(operand.booleanValue())
              : wrongCondition(field, operand, "true or false");
    };
  }

  private Filter.@Nullable Condition oneOf(JsonNode json, String field) {
    if (!json.isArray() || json.isEmpty() || json.size() > MAX_VALUES) {
      return wrongCondition(field, json, "a list of 1 to " + MAX_VALUES + " values");
    }
    Set<Found> values = new LinkedHashSet<>();
    boolean right = true;
    for (int i = 0; i < json.size(); i++) {
      Found value = scalar(json.get(i), field + "[" + i + "]");
      if (value != null) {
        values.add(value);
      }
      right &= value != null;
    }
    return right ? new Filter.Condition.OneOf(Set.copyOf(values)) : null;
  }

  private @Nullable Found scalar(JsonNode json, String field) {
    Found value =
        switch (json.getNodeType()) {
          case STRING -> new Found.Text(json.textValue());
          case NUMBER -> Found.number(json.asText());
          case BOOLEAN -> json.booleanValue() ? Found.TRUE : Found.FALSE;
          case NULL -> Found.NULL;
          default -> null;
        };
    if (value == null) {
      faults.add(field, json, SCALAR);
    }
    return value;
  }

  private @Nullable Filter wrong(String field, JsonNode value, String expected) {
    faults.add(field, value, expected);
    return null;
  }

  private Filter.@Nullable Condition wrongCondition(String field, JsonNode value, String expected) {
    faults.add(field, value, expected);
    return null;
  }
}
