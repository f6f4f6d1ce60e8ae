package dev.usher.payload;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with a body, in words for its sender, quoting no more of it than a few characters.
 */
final class Faults {
  private static final int QUOTED_LENGTH = 40;
  private static final Pattern JACKSON_SETTING = Pattern.compile(", from `[^`]*`");

  private Faults() {}

  static TopLevel.Malformed malformed(String detail) {
    return new TopLevel.Malformed(detail);
  }

  /** What the parser complains of. */
  static String describe(JsonProcessingException e, JsonParser parser) {
    if (e instanceof JsonEOFException) {
      return "the body ends before its JSON object does";
    }
    String found = JACKSON_SETTING.matcher(e.getOriginalMessage()).replaceAll("");
    return (e instanceof StreamConstraintsException ? "over a limit" : "not JSON")
        + at(parser)
        + ": "
        + found;
  }

  /** Where the parser is: at or just after what it complains of. */
  static String at(JsonParser parser) {
    return " (near byte " + parser.currentLocation().getByteOffset() + ")";
  }

  /** What a body is that begins with {@code token}, or with nothing. */
  static String name(@Nullable JsonToken token) {
    return switch (token) {
      case null -> "empty";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      default -> "no value";
    };
  }

  /** The beginning of a member's name, fit for a log line. */
  static String quote(String name) {
    StringBuilder quoted = new StringBuilder("'");
    name.codePoints()
        .limit(QUOTED_LENGTH)
        .map(c -> Character.isISOControl(c) ? '\uFFFD' : c)
        .forEach(quoted::appendCodePoint);
    return quoted.append(name.length() > QUOTED_LENGTH ? "…'" : "'").toString();
  }
}
