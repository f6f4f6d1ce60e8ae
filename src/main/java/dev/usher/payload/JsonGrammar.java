package dev.usher.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;

/**
 * The grammar of JSON (RFC 8259) over the bytes of a body, and nothing beside the grammar: no
 * comments, no single quotes, no {@code NaN}.
 *
 * <p>To skip is to check: each {@code skip} method takes the index at which something begins,
 * checks all of it, its UTF-8 and the limits of {@link TopLevelReader} too, and returns the index
 * after it. Nothing is built meanwhile. Only {@link #skipSpace} and {@link #skipColon} skip white
 * space.
 *
 * <p>Outside of strings the grammar knows ASCII only, so UTF-8 is checked in strings alone. Objects
 * and arrays are skipped by recursion, which the limit of the depth bounds.
 *
 * <p>The bytes are a parameter, because the compiler would read a field again at each step.
 */
final class JsonGrammar {
  /** What {@link #byteAt} answers after the last byte. */
  static final int END = -1;

  private JsonGrammar() {}

  /** The byte at {@code at}, 0 to 255, or {@link #END}. */
  static int byteAt(byte[] bytes, int at) {
    // Unsigned, as the JVM checks indices: so it leaves its own check out.
    return Integer.compareUnsigned(at, bytes.length) < 0 ? bytes[at] & 0xFF : END;
  }

  static int skipSpace(byte[] bytes, int start) {
    int at = start;
    while (isSpace(byteAt(bytes, at))) {
      at++;
    }
    return at;
  }

  private static boolean isSpace(int b) {
    return b <= ' ' && (b == ' ' || b == '\n' || b == '\r' || b == '\t');
  }

  /**
   * Skips any value.
   *
   * @param depth the number of objects and arrays around it
   */
  static int skipValue(byte[] bytes, int start, int depth) throws MalformedBodyException {
    return switch (byteAt(bytes, start)) {
      case '"' -> skipString(bytes, start);
      case '{' -> skipObject(bytes, start, depth + 1);
      case '[' -> skipArray(bytes, start, depth + 1);
      case 't' -> skipLiteral(bytes, start, "true");
      case 'f' -> skipLiteral(bytes, start, "false");
      case 'n' -> skipLiteral(bytes, start, "null");
      case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> skipNumber(bytes, start);
      default -> throw Faults.unexpected(bytes, start, "a value");
    };
  }

  private static int skipObject(byte[] bytes, int start, int depth) throws MalformedBodyException {
    checkDepth(start, depth);
    int at = skipSpace(bytes, start + 1);
    if (byteAt(bytes, at) == '}') {
      return at + 1;
    }
    while (true) {
      at = skipColon(bytes, skipName(bytes, at));
      at = skipSpace(bytes, skipValue(bytes, at, depth));
      if (closes(bytes, at, '}')) {
        return at + 1;
      }
      at = skipSpace(bytes, at + 1);
    }
  }

  private static int skipArray(byte[] bytes, int start, int depth) throws MalformedBodyException {
    checkDepth(start, depth);
    int at = skipSpace(bytes, start + 1);
    if (byteAt(bytes, at) == ']') {
      return at + 1;
    }
    while (true) {
      at = skipSpace(bytes, skipValue(bytes, at, depth));
      if (closes(bytes, at, ']')) {
        return at + 1;
      }
      at = skipSpace(bytes, at + 1);
    }
  }

  private static void checkDepth(int at, int depth) throws MalformedBodyException {
    if (depth > TopLevelReader.MAX_DEPTH) {
      throw Faults.overLimit(at, "nesting depth", depth, TopLevelReader.MAX_DEPTH);
    }
  }

  /** After a member or an element: true at {@code bracket}, false at the comma before the next. */
  static boolean closes(byte[] bytes, int at, char bracket) throws MalformedBodyException {
    int found = byteAt(bytes, at);
    if (found == ',') {
      return false;
    }
    if (found != bracket) {
      throw Faults.unexpected(bytes, at, "',' or '" + bracket + "'");
    }
    return true;
  }

  /** Skips a member's name with its quotes. */
  static int skipName(byte[] bytes, int start) throws MalformedBodyException {
    if (byteAt(bytes, start) != '"') {
      throw Faults.unexpected(bytes, start, "a member's name in double quotes");
    }
    int end = skipString(bytes, start);
    if (end - start - 2 > TopLevelReader.MAX_NAME_BYTES) {
      checkNameLength(bytes, start, end);
    }
    return end;
  }

  /** A name with escapes may be longer here than it is. */
  private static void checkNameLength(byte[] bytes, int start, int end)
      throws MalformedBodyException {
    int length = JsonText.decode(bytes, start + 1, end - 1).getBytes(UTF_8).length;
    if (length > TopLevelReader.MAX_NAME_BYTES) {
      throw Faults.overLimit(start, "name length", length, TopLevelReader.MAX_NAME_BYTES);
    }
  }

  /** Skips the colon after a name, and the white space on both sides of it. */
  static int skipColon(byte[] bytes, int start) throws MalformedBodyException {
    int at = skipSpace(bytes, start);
    if (byteAt(bytes, at) != ':') {
      throw Faults.unexpected(bytes, at, "':'");
    }
    return skipSpace(bytes, at + 1);
  }

  private static int skipString(byte[] bytes, int start) throws MalformedBodyException {
    int at = PlainText.end(bytes, start + 1);
    while (byteAt(bytes, at) != '"') {
      at = PlainText.end(bytes, skipUnplain(bytes, at));
    }
    return at + 1;
  }

  /** Skips what may stand in a string beside plain text: escapes, and UTF-8 beyond ASCII. */
  private static int skipUnplain(byte[] bytes, int start) throws MalformedBodyException {
    int at = start;
    while (true) {
      int found = byteAt(bytes, at);
      if (found == '\\') {
        at = skipEscape(bytes, at);
      } else if (found >= 0x80) {
        at = skipSequence(bytes, at);
      } else if (at > start) {
        return at;
      } else {
        throw Faults.unexpected(bytes, at, "control characters escaped");
      }
    }
  }

  private static int skipSequence(byte[] bytes, int start) throws MalformedBodyException {
    int length = Utf8.sequenceLength(bytes, start);
    if (length == 0) {
      throw Faults.unexpected(bytes, start, "UTF-8");
    }
    return start + length;
  }

  private static int skipEscape(byte[] bytes, int start) throws MalformedBodyException {
    return switch (byteAt(bytes, start + 1)) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> start + 2;
      case 'u' -> {
        for (int at = start + 2; at < start + 6; at++) {
          if (!HexFormat.isHexDigit(byteAt(bytes, at))) {
            throw Faults.unexpected(bytes, at, "four hexadecimal digits after \\u");
          }
        }
        yield start + 6;
      }
      default -> throw Faults.unexpected(bytes, start + 1, "one of \"\\/bfnrtu after a backslash");
    };
  }

  private static int skipNumber(byte[] bytes, int start) throws MalformedBodyException {
    int at = byteAt(bytes, start) == '-' ? start + 1 : start;
    at = byteAt(bytes, at) == '0' ? at + 1 : skipDigits(bytes, at); // no zero leads others
    if (byteAt(bytes, at) == '.') {
      at = skipDigits(bytes, at + 1);
    }
    if (byteAt(bytes, at) == 'e' || byteAt(bytes, at) == 'E') {
      int sign = byteAt(bytes, at + 1);
      at = skipDigits(bytes, sign == '+' || sign == '-' ? at + 2 : at + 1);
    }
    if (at - start > TopLevelReader.MAX_NUMBER_LENGTH) {
      throw Faults.overLimit(start, "number length", at - start, TopLevelReader.MAX_NUMBER_LENGTH);
    }
    return at;
  }

  private static int skipDigits(byte[] bytes, int start) throws MalformedBodyException {
    int at = start;
    while (byteAt(bytes, at) >= '0' && byteAt(bytes, at) <= '9') {
      at++;
    }
    if (at == start) {
      throw Faults.unexpected(bytes, at, "a digit");
    }
    return at;
  }

  private static int skipLiteral(byte[] bytes, int start, String literal)
      throws MalformedBodyException {
    for (int i = 1; i < literal.length(); i++) { // the first byte chose the literal
      if (byteAt(bytes, start + i) != literal.charAt(i)) {
        throw Faults.unexpected(bytes, start + i, "the literal " + literal);
      }
    }
    return start + literal.length();
  }
}
