package dev.usher.trace;

import dev.usher.event.Event;
import dev.usher.event.EventId;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a trace goes on: {@code traceparent} of W3C Trace Context, version 00.
 *
 * @param traceId 32 hexadecimal digits, not all of them 0
 * @param spanId 16 hexadecimal digits, not all of them 0
 * @param flags 2 hexadecimal digits; the lowest bit says that the trace is kept
 */
public record TraceParent(String traceId, String spanId, String flags) {
  private static final HexFormat HEX = HexFormat.of();
  private static final String FORM =
      "00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})";
  private static final Pattern VALUE = Pattern.compile(FORM);
  private static final Pattern LINE = Pattern.compile("(?m)^traceparent: " + FORM + "$");

  /** What {@code value}, a header's, says; null where it is not of this form. */
  public static @Nullable TraceParent parse(@Nullable String value) {
    Matcher matcher = VALUE.matcher(value == null ? "" : value);
    return matcher.matches() ? of(matcher) : null;
  }

  /** The trace of an event: the one that it came with, or else one that is named by its id. */
  public static TraceParent of(Event event) {
    Matcher kept = LINE.matcher(event.headers());
    return kept.find() ? of(kept) : of(event.id());
  }

  private static TraceParent of(Matcher matcher) {
    return new TraceParent(matcher.group(1), matcher.group(2), matcher.group(3));
  }

  // A UUID of version 7 is never 0 in either half.
  private static TraceParent of(EventId id) {
    UUID value = id.value();
    String low = HEX.toHexDigits(value.getLeastSignificantBits());
    return new TraceParent(HEX.toHexDigits(value.getMostSignificantBits()) + low, low, "00");
  }

  /**
   * The same trace with a span of somebody else.
   *
   * @param span not 0
   */
  public TraceParent at(long span) {
    return new TraceParent(traceId, HEX.toHexDigits(span), flags);
  }

  /** As the header has it. */
  @Override
  public String toString() {
    return "00-" + traceId + "-" + spanId + "-" + flags;
  }
}
