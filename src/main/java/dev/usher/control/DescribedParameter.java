package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.networknt.schema.Schema;

/**
 * A parameter as the API's description has it.
 *
 * @param in {@code path}, {@code query} or {@code header}
 * @param names what a path's parameter names, for example {@code endpoint}; empty for others
 * @param number whether its schema wants a whole number
 */
record DescribedParameter(String name, String in, String names, Schema schema, boolean number) {
  /** Longer digits are left as text: no number that is wanted has so many. */
  private static final int MAX_DIGITS = 18;

  /** Whether {@code text} is what the schema wants. */
  boolean fits(String text) {
    return schema.validate(value(text)).isEmpty();
  }

  /** The value that {@code text} stands for: parameters have no types of their own. */
  JsonNode value(String text) {
    boolean digits =
        number
            && !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(this::isDigit);
    return digits ? JsonNodeFactory.instance.numberNode(Long.parseLong(text)) : Json.text(text);
  }

  private boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }
}
