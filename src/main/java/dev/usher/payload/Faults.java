package dev.usher.payload;

/** What is wrong with a body, in words for its sender that quote no more than a few characters. */
final class Faults {
  private static final int QUOTED_LENGTH = 40;

  private Faults() {}

  /** What stands at {@code at} does not follow the grammar, or the body ends there. */
  static MalformedBodyException unexpected(byte[] body, int at, String expected) {
    return new MalformedBodyException(
        at < body.length
            ? "not JSON" + near(at) + ": found " + name(body[at]) + "; expected " + expected
            : "the body ends before its JSON object does");
  }

  static MalformedBodyException overLimit(int at, String what, int found, int most) {
    return new MalformedBodyException(
        "over a limit%s: %s (%d) exceeds the maximum allowed (%d)"
            .formatted(near(at), what, found, most));
  }

  /** What is there follows the grammar, but must not be accepted. */
  static MalformedBodyException refused(int at, String found) {
    return new MalformedBodyException(found + near(at));
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

  private static String near(int at) {
    return " (near byte " + at + ")";
  }

  private static String name(byte found) {
    return found > ' ' && found < 0x7F ? "'" + (char) found + "'" : "0x%02X".formatted(found);
  }
}
