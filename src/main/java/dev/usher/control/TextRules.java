package dev.usher.control;

/**
 * Which texts may be stored and shown: none that could break a page, a log line or the database.
 */
final class TextRules {
  private TextRules() {}

  /** Whether {@code text} has no control characters, line separators or unpaired surrogates. */
  static boolean isOneLine(String text) {
    return text.codePoints().noneMatch(TextRules::breaksLines);
  }

  /** As {@link #isOneLine}, of one line or several. */
  static boolean isText(String text) {
    return text.lines().allMatch(TextRules::isOneLine);
  }

  /** Whether {@code text} is of visible ASCII only, with spaces inside at most. */
  static boolean isVisibleAscii(String text) {
    return !text.isEmpty()
        && text.chars().allMatch(c -> c >= ' ' && c <= '~')
        && text.charAt(0) != ' '
        && text.charAt(text.length() - 1) != ' ';
  }

  /** How many characters people see, more or less: code points. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  private static boolean breaksLines(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
