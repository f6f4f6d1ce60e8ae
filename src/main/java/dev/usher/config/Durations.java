package dev.usher.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The text form of durations: a whole number and one unit, {@code ms}, {@code s}, {@code m}, {@code
 * h} or {@code d} (24 hours), for example {@code 250ms} or {@code 3d}. A number alone is refused,
 * because nobody can tell its unit.
 */
public final class Durations {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");

  private Durations() {}

  /**
   * Reads one duration.
   *
   * @throws IllegalArgumentException saying what was expected, where {@code text} is none
   */
  public static Duration parse(String text) {
    Matcher matcher = DURATION.matcher(text.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a duration; expected a number and a unit such as 250ms, 15s, 5m,"
              + " 2h or 3d");
    }
    long number = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /**
   * Reads durations separated by commas, in their order. Blank text is an empty list.
   *
   * @throws IllegalArgumentException saying what was expected, where one of them is no duration
   */
  public static List<Duration> parseList(String text) {
    return text.isBlank()
        ? List.of()
        : Arrays.stream(text.split(",", -1)).map(Durations::parse).toList();
  }

  /**
   * The duration in the largest unit that holds it as a whole number; what {@link #parse} reads
   * back. Less than a millisecond is cut off.
   */
  public static String format(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1_000 != 0 || millis == 0) {
      return millis + "ms";
    }
    long seconds = millis / 1_000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  /** The durations separated by commas; what {@link #parseList} reads back. */
  public static String format(List<Duration> durations) {
    return durations.stream().map(Durations::format).collect(Collectors.joining(","));
  }
}
