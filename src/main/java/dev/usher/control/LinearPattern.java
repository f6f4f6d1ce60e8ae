package dev.usher.control;

import com.google.re2j.Pattern;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;

/**
 * A regular expression that a stranger wrote: matched in time linear to the text (RE2), and not
 * larger than it looks, since {@code (a{1000}){1000}} would be a program of a million steps.
 */
final class LinearPattern {
  private static final int MAX_CHARACTERS = 500;

  /** Of one expression, and of all of a schema: it is kept ready, some ten bytes for each. */
  static final long MAX_SIZE = 10_000;

  /** Characters held against this much of an expression take about as long as a keyword. */
  private static final int SIZE_OF_A_STEP = 64;

  private static final java.util.regex.Pattern REPETITION =
      java.util.regex.Pattern.compile("\\{(\\d{1,4})(?:,(\\d{0,4}))?\\}");

  private final Pattern pattern;
  private final long size;

  private LinearPattern(Pattern pattern, long size) {
    this.pattern = pattern;
    this.size = size;
  }

  /**
   * The expression in {@code text}.
   *
   * @throws IllegalArgumentException where it is too long, or nothing that RE2 knows
   */
  static LinearPattern compile(String text) {
    long size = text.length() > MAX_CHARACTERS ? Long.MAX_VALUE : size(text);
    if (size > MAX_SIZE) {
      throw new IllegalArgumentException(
          "a regular expression is too long; expected at most "
              + MAX_CHARACTERS
              + " characters,"
              + " and few repetitions of repetitions");
    }
    try {
      return new LinearPattern(Pattern.compile(text), size);
    } catch (com.google.re2j.PatternSyntaxException e) {
      throw new IllegalArgumentException("not a regular expression that RE2 knows", e);
    }
  }

  boolean isIn(String text) {
    return pattern.matcher(text).find();
  }

  /** How large the expression is with its repetitions written out. */
  long size() {
    return size;
  }

  /** What {@link #isIn} takes at most, in steps of {@link SchemaJudge}. */
  long steps(String text) {
    return 1 + text.length() * size / SIZE_OF_A_STEP;
  }

  /**
   * How large the expression is with its repetitions written out, at least: a bound is all that is
   * needed, so whatever is not understood counts as it stands.
   */
  private static long size(String text) {
    Deque<Long> outer = new ArrayDeque<>();
    long size = 0; // of the group so far, without the last item
    long item = 0; // the last item, which a repetition multiplies
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      Matcher repetition = REPETITION.matcher(text).region(i, text.length());
      int next = i + 1;
      if (c == '(') {
        outer.push(size + item);
        size = 0;
        item = 0;
      } else if (c == ')' && !outer.isEmpty()) {
        item = size + item + 1;
        size = outer.pop();
      } else if (c == '{' && repetition.lookingAt()) {
        item = Math.min(Integer.MAX_VALUE, item * times(repetition));
        next = repetition.end();
      } else {
        size += item;
        item = 1;
        next = c == '\\' ? i + 2 : c == '[' ? endOfClass(text, i) : next;
      }
      i = next;
    }
    return outer.stream().mapToLong(Long::longValue).sum() + size + item;
  }

  private static long times(Matcher repetition) {
    long least = Long.parseLong(repetition.group(1));
    String most = repetition.group(2);
    return Math.max(
        1, most == null || most.isEmpty() ? least + 1 : Math.max(least, Long.parseLong(most)));
  }

  private static int endOfClass(String text, int start) {
    int i = start + 1;
    if (i < text.length() && text.charAt(i) == '^') {
      i++;
    }
    if (i < text.length() && text.charAt(i) == ']') {
      i++; // the first is a character of the class
    }
    while (i < text.length() && text.charAt(i) != ']') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return i + 1;
  }
}
