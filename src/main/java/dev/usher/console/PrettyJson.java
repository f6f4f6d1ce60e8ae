package dev.usher.console;

/**
 * Lays JSON out in lines. Only space between values changes: numbers and texts stay as they are.
 */
final class PrettyJson {
  private final String json;
  private final StringBuilder out;
  private int depth;

  private PrettyJson(String json) {
    this.json = json;
    this.out = new StringBuilder(json.length() * 2);
  }

  /** The same value in lines; what is not JSON comes out somehow, and never fails. */
  static String of(String json) {
    return new PrettyJson(json).layOut();
  }

  private String layOut() {
    int i = 0;
    while (i < json.length()) {
      char c = json.charAt(i);
      switch (c) {
        case '"' -> i = text(i);
        case '{', '[' -> i = open(i, c);
        case '}', ']' -> close(c);
        case ',' -> line(",");
        case ':' -> out.append(": ");
        case ' ', '\t', '\r', '\n' -> {} // ours takes its place
        default -> out.append(c);
      }
      i++;
    }
    return out.toString();
  }

  /** Copies a text; gives where it ends. */
  private int text(int start) {
    int end = start + 1;
    while (end < json.length() && json.charAt(end) != '"') {
      end += json.charAt(end) == '\\' ? 2 : 1;
    }
    end = Math.min(end, json.length() - 1);
    out.append(json, start, end + 1);
    return end;
  }

  /** Opens an object or an array; one that is empty stays on its line. */
  private int open(int at, char bracket) {
    int next = at + 1;
    while (next < json.length() && Character.isWhitespace(json.charAt(next))) {
      next++;
    }
    if (next < json.length() && (json.charAt(next) == '}' || json.charAt(next) == ']')) {
      out.append(bracket).append(json.charAt(next));
      return next;
    }
    depth++;
    line(Character.toString(bracket));
    return at;
  }

  private void close(char bracket) {
    depth = Math.max(0, depth - 1);
    line("");
    out.append(bracket);
  }

  private void line(String before) {
    out.append(before).append('\n').repeat("  ", depth);
  }
}
