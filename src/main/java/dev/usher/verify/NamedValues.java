package dev.usher.verify;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The values in a header such as {@code t=1492774577,v1=5257…,v1=fed1…}, in their order. */
record NamedValues(List<NamedValue> values) {
  record NamedValue(String name, String value) {}

  /** Reads a header; what has no name is left out. Blanks around an element do not count. */
  static NamedValues parse(String header, char separator) {
    List<NamedValue> values = new ArrayList<>(4);
    for (int start = 0; start <= header.length(); ) {
      int next = header.indexOf(separator, start);
      int end = next < 0 ? header.length() : next;
      String element = header.substring(start, end).strip();
      int equals = element.indexOf('=');
      if (equals > 0) {
        values.add(new NamedValue(element.substring(0, equals), element.substring(equals + 1)));
      }
      start = end + 1;
    }
    return new NamedValues(values);
  }

  /** All values of this name. */
  List<String> all(String name) {
    return values.stream().filter(v -> v.name.equals(name)).map(NamedValue::value).toList();
  }

  /** The only value of this name; null where there is none, or more than one. */
  @Nullable String only(String name) {
    List<String> all = all(name);
    return all.size() == 1 ? all.getFirst() : null;
  }
}
