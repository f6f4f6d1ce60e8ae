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

  private static boolean breaksLines(int codePoint) {
    int type = Character.getType(codePoint);
    return type == Character.CONTROL
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR
        || type == Character.SURROGATE;
  }
}
