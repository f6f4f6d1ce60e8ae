package dev.usher.config;

import java.util.List;

/**
 * One value that cannot be, or two that cannot be together.
 *
 * @param keys the keys that are at fault, in the form of {@code usher.yaml}; the first is the one
 *     to name
 * @param value the value of the first, as text
 * @param expected what would have been right
 */
record Fault(List<String> keys, String value, String expected) {
  /** The value of a key that had to be given and was not. */
  static final String MISSING = "missing";

  Fault {
    keys = List.copyOf(keys);
  }

  String key() {
    return keys.getFirst();
  }

  /** The same with {@code prefix} before each key. */
  Fault under(String prefix) {
    return new Fault(keys.stream().map(key -> prefix + key).toList(), value, expected);
  }

  @Override
  public String toString() {
    return key() + ": " + value + ", expected " + expected;
  }
}
