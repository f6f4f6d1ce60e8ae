package dev.usher.console;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An address with parameters: what a list is narrowed down to.
 *
 * @param path without a query
 * @param values parameters; empty ones are not there
 */
public record Link(String path, Map<String, String> values) {
  /** A parameter; empty where it is missing. */
  public String get(String name) {
    return values.getOrDefault(name, "");
  }

  /** The same with one parameter changed; an empty one is left out. Begins at the first page. */
  public Link with(String name, String value) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.remove("cursor");
    changed.put(name, value);
    return new Link(path, changed);
  }

  /** The same at another path, from its first page on. */
  public Link at(String other) {
    return new Link(other, values).with("cursor", "");
  }

  /** Whether anything is narrowed down. */
  public boolean narrows() {
    return values.entrySet().stream()
        .anyMatch(value -> !value.getKey().equals("cursor") && !value.getValue().isEmpty());
  }

  /** As it stands in a page. */
  @Override
  public String toString() {
    String query =
        values.entrySet().stream()
            .filter(value -> !value.getValue().isEmpty())
            .map(value -> value.getKey() + "=" + encode(value.getValue()))
            .collect(Collectors.joining("&"));
    return query.isEmpty() ? path : path + "?" + query;
  }

  /** {@code text} as one segment of a path. */
  public static String segment(String text) {
    return encode(text).replace("+", "%20");
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
