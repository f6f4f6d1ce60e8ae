package dev.usher.verify;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far a request's time stamp may lie from our clock, to either side: what limits the replay of
 * a request that somebody recorded.
 */
record Tolerance(long seconds) {
  /** The source option that sets it. */
  static final String OPTION = "tolerance";

  /** What Standard Webhooks' libraries, Stripe and Slack allow. */
  static final Tolerance DEFAULT = new Tolerance(Duration.ofMinutes(5).toSeconds());

  /** For a request whose time does not matter because it is refused anyway. */
  static final Tolerance UNLIMITED = new Tolerance(Long.MAX_VALUE);

  private static final String NONE = "none"; // never passes fault(): no source can have it

  /** Options that set {@link #UNLIMITED}. */
  static final Map<String, String> UNLIMITED_OPTIONS = Map.of(OPTION, NONE);

  private static final long MAX_SECONDS = Duration.ofDays(1).toSeconds();
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})([smh]?)");
  private static final int MAX_DIGITS = 11; // until the year 5138

  /** The tolerance that a source's options set, checked before by {@link #fault}. */
  static Tolerance of(Map<String, String> options) {
    String text = options.get(OPTION);
    if (text == null) {
      return DEFAULT;
    }
    return text.equals(NONE) ? UNLIMITED : new Tolerance(parse(text));
  }

  /** What is wrong with the option, or null. */
  static @Nullable String fault(Map<String, String> options) {
    String text = options.get(OPTION);
    if (text == null) {
      return null;
    }
    long seconds = parse(text);
    return seconds < 1 || seconds > MAX_SECONDS
        ? OptionFaults.of(OPTION, text, "1s to 24h, such as 300s or 5m")
        : null;
  }

  /** What is wrong with the options of a scheme that has this one only. */
  static List<String> faultsOfAll(Map<String, String> options) {
    List<String> faults = OptionFaults.unknown(options, Set.of(OPTION));
    String fault = fault(options);
    if (fault != null) {
      faults.add(fault);
    }
    return faults;
  }

  /**
   * What to answer where a time stamp is not seconds since 1970 or lies too far from {@code now};
   * null where it is fine.
   *
   * @param header where the time stamp stands
   */
  @Nullable Verification fault(String header, String timestamp, Instant now) {
    long sent = epochSeconds(timestamp);
    if (sent < 0) {
      return new Verification.Malformed(
          "the header " + header + " is no time; expected seconds since 1970 in digits");
    }
    long age = now.getEpochSecond() - sent;
    return Math.abs(age) > seconds
        ? new Verification.Refused(
            "the time in %s is %d s %s; allowed are %d s"
                .formatted(header, Math.abs(age), age > 0 ? "ago" : "ahead", seconds))
        : null;
  }

  /** {@link #fault(String, String, Instant)} of a time that stands in the body. */
  @Nullable Verification faultOfMember(String member, String seconds, Instant now) {
    return epochSeconds(seconds) < 0
        ? new Verification.Malformed(
            "'" + member + "' is no time; expected seconds since 1970 in digits")
        : fault(member, seconds, now);
  }

  /** {@link #faultOfMember} of a time in milliseconds, of which the seconds count. */
  @Nullable Verification faultOfMillis(String member, String millis, Instant now) {
    int end = Math.max(0, millis.length() - 3);
    return epochSeconds(millis.substring(end)) < 0
        ? new Verification.Malformed(
            "'" + member + "' is no time; expected milliseconds since 1970 in digits")
        : faultOfMember(member, millis.substring(0, end), now);
  }

  private static long epochSeconds(String digits) {
    if (digits.isEmpty() || digits.length() > MAX_DIGITS) {
      return -1;
    }
    long seconds = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      seconds = 10 * seconds + (c - '0');
    }
    return seconds;
  }

  private static long parse(String text) {
    Matcher duration = DURATION.matcher(text);
    if (!duration.matches()) {
      return -1;
    }
    long number = Long.parseLong(duration.group(1));
    return switch (duration.group(2)) {
      case "h" -> Duration.ofHours(number).toSeconds();
      case "m" -> Duration.ofMinutes(number).toSeconds();
      default -> number;
    };
  }
}
