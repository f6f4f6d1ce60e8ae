package dev.usher.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What it costs to hold a value against one keyword of a schema, in the steps of {@link
 * SchemaJudge}: some microseconds each. A keyword looks at one value at a time, and most at what
 * lies right in it; what lies deeper has steps of its own.
 */
final class SchemaCost {
  private static final int CHARACTERS_OF_A_STEP = 1_000;
  private static final int MEMBERS_OF_A_STEP = 50;
  private static final int CHARACTERS_OF_A_MEMBER = 20;

  /** These compare a value with all that lies within it. */
  private static final Set<String> WHOLE = Set.of("uniqueItems", "enum", "const");

  private SchemaCost() {}

  /** The steps of {@code keyword} for {@code value}, beside the one of every keyword. */
  static long of(String keyword, JsonNode value) {
    if (value.isTextual()) {
      return value.textValue().length() / CHARACTERS_OF_A_STEP;
    }
    if (!WHOLE.contains(keyword)) {
      return value.size() / MEMBERS_OF_A_STEP;
    }
    long alike = keyword.equals("uniqueItems") ? pairsThatHashAlike(value) : 0;
    return (members(value) + alike) / MEMBERS_OF_A_STEP;
  }

  /** All values within, long texts as many. */
  private static long members(JsonNode value) {
    long members = 1;
    if (value.isTextual()) {
      members += value.textValue().length() / CHARACTERS_OF_A_MEMBER;
    }
    for (JsonNode member : value) {
      members += members(member);
    }
    return members;
  }

  /**
   * A set of values that were chosen for their hashes compares each with all before: so many pairs.
   */
  private static long pairsThatHashAlike(JsonNode list) {
    Map<Integer, Integer> seen = new HashMap<>();
    long pairs = 0;
    for (JsonNode element : list) {
      pairs += seen.merge(element.hashCode(), 1, Integer::sum) - 1;
    }
    return pairs;
  }
}
