package dev.usher.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A part of an answer of the management API, as templates read it: what is missing or null is
 * empty, so that a page shows what there is.
 */
public record Item(JsonNode json) {
  /** One that holds nothing. */
  public static final Item NONE = new Item(MissingNode.getInstance());

  /** Whether the member is there and not null. */
  public boolean has(String member) {
    return json.hasNonNull(member);
  }

  /** A member as text; empty where there is none. */
  public String text(String member) {
    JsonNode value = json.path(member);
    return value.isNull() || value.isMissingNode() ? "" : value.asText();
  }

  /** A member as a whole number; 0 where there is none. */
  public long number(String member) {
    return json.path(member).asLong();
  }

  /** Whether a member is true. */
  public boolean is(String member) {
    return json.path(member).asBoolean();
  }

  /** Whether a member is this text. */
  public boolean is(String member, String text) {
    return text(member).equals(text);
  }

  /** A member that is an object. */
  public Item item(String member) {
    return new Item(json.path(member));
  }

  /** A member that is a list of objects. */
  public List<Item> items(String member) {
    List<Item> items = new ArrayList<>();
    json.path(member).forEach(each -> items.add(new Item(each)));
    return items;
  }

  /** A member that is a list of texts. */
  public List<String> texts(String member) {
    List<String> texts = new ArrayList<>();
    json.path(member).forEach(each -> texts.add(each.asText()));
    return texts;
  }

  /** A member that is an object of texts. */
  public Map<String, String> map(String member) {
    Map<String, String> map = new LinkedHashMap<>();
    json.path(member)
        .properties()
        .forEach(each -> map.put(each.getKey(), each.getValue().asText()));
    return map;
  }

  /** A member as JSON exactly as it was kept; empty where there is none. */
  public String raw(String member) {
    JsonNode value = json.path(member);
    if (value instanceof POJONode node && node.getPojo() instanceof RawValue raw) {
      return Optional.ofNullable(raw.rawValue()).map(Object::toString).orElse("");
    }
    return value.isNull() || value.isMissingNode() ? "" : value.toString();
  }

  /** A member as JSON that is easy to read. */
  public String pretty(String member) {
    return PrettyJson.of(raw(member));
  }

  /** The names of ids in the list {@code data}. */
  public Map<String, String> names() {
    Map<String, String> names = new LinkedHashMap<>();
    items("data").forEach(each -> names.put(each.text("id"), each.text("name")));
    return names;
  }
}
