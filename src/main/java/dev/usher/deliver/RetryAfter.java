package dev.usher.deliver;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or a date. */
final class RetryAfter {
  private static final Pattern SECONDS = Pattern.compile("\\d+");

  /** More seconds than these are for ever: some 30 years. */
  private static final int MOST_DIGITS = 9;

  private static final Duration FOR_EVER = Duration.ofSeconds(999_999_999);

  private RetryAfter() {}

  /**
   * The wait that the answer asks for.
   *
   * @return null unless the status is 429 or 503 and the header can be read and lies in the future
   */
  static @Nullable Duration of(int status, @Nullable String header, Instant now) {
    if (header == null || (status != 429 && status != 503)) {
      return null;
    }
    String text = header.strip();
    if (SECONDS.matcher(text).matches()) {
      return text.length() <= MOST_DIGITS ? Duration.ofSeconds(Long.parseLong(text)) : FOR_EVER;
    }
    try {
      Instant at = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return at.isAfter(now) ? Duration.between(now, at) : null;
    } catch (DateTimeException e) {
      return null; // neither form: as if it were not there
    }
  }
}
