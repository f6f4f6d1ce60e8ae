package dev.usher.control;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** Times as the API writes and reads them (RFC 3339). */
final class Times {
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Times() {}

  /** In UTC with milliseconds, for example {@code 2025-11-23T14:10:00.000Z}. */
  static String text(Instant time) {
    return MILLISECONDS.format(time);
  }

  /** As {@link #text}; null stays null. */
  static @Nullable String textOrNull(@Nullable Instant time) {
    return time == null ? null : text(time);
  }

  /** The time in {@code text}, of the years 1970 to 9999; null where it is none. */
  static @Nullable Instant parse(String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      boolean inRange = time.getYear() >= 1970 && time.getYear() <= 9999;
      Instant instant = time.toInstant();
      return inRange && instant.toEpochMilli() >= 0 ? instant : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }
}
