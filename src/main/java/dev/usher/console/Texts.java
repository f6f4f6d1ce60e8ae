package dev.usher.console;

import java.util.List;
import java.util.Locale;

/** Numbers and the like as pages show them. Public for templates. */
public final class Texts {
  private static final long SECOND = 1_000;
  private static final long MINUTE = 60 * SECOND;

  private Texts() {}

  /** A count with its thousands apart: {@code 12,345}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A duration with its unit: {@code 38 ms}, {@code 2.4 s}, {@code 3 min}. */
  public static String millis(long millis) {
    if (millis < SECOND) {
      return millis + " ms";
    }
    return millis < MINUTE
        ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
        : count(millis / MINUTE) + " min";
  }

  /** A member that holds milliseconds; a dash where there are none. */
  public static String millis(Item item, String member) {
    return item.has(member) ? millis(item.number(member)) : "–";
  }

  /** The share of successes: {@code 99.5 %}; a dash where nothing was tried. */
  public static String rate(Item numbers) {
    long all = numbers.number("succeeded") + numbers.number("failed");
    if (all == 0) {
      return "–";
    }
    double percent = 100.0 * numbers.number("succeeded") / all;
    // Rounded down: one failure in a million is not 100 %.
    return String.format(Locale.ROOT, "%.1f %%", Math.floor(percent * 10) / 10);
  }

  /** Events a minute over what was counted: {@code 12.5}. */
  public static String perMinute(Item statistics) {
    long seconds = statistics.items("data").stream().mapToLong(i -> i.number("seconds")).sum();
    double rate = 60.0 * statistics.item("total").number("events") / Math.max(1, seconds);
    return rate >= 100 ? count(Math.round(rate)) : String.format(Locale.ROOT, "%.1f", rate);
  }

  /** The points of a sparkline of 24 values in a box of 96 by 24. */
  public static String points(List<Item> hours) {
    long most = 1;
    for (Item hour : hours) {
      most = Math.max(most, hour.number("succeeded") + hour.number("failed"));
    }
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < hours.size(); i++) {
      long all = hours.get(i).number("succeeded") + hours.get(i).number("failed");
      double y = 22.0 - 20.0 * all / most;
      points.append(String.format(Locale.ROOT, "%d,%.1f ", i * 96 / 23, y));
    }
    return points.toString().strip();
  }

  /** The start of a text that would be too long. */
  public static String start(String text, int characters) {
    return text.length() <= characters ? text : text.substring(0, characters) + "…";
  }

  /** How good a status is: a class of the style sheet. */
  public static String tone(String status) {
    return switch (status) {
      case "active", "succeeded", "done" -> "good";
      case "failed", "disabled" -> "bad";
      case "pending", "running", "paused" -> "warn";
      default -> "plain";
    };
  }
}
