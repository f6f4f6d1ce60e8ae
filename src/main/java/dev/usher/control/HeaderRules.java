package dev.usher.control;

import dev.usher.event.CredentialHeaders;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which headers an organization may add to its deliveries, and which of them are shown again. */
final class HeaderRules {
  /** Stands for a value that may be a credential. */
  static final String HIDDEN = "(hidden)";

  private static final String HIDDEN_CHANGED = "(hidden, changed)";

  static final int MAX_HEADERS = 20;
  private static final int MAX_NAME_CHARACTERS = 100;

  /** A token of RFC 9110, section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

  /** Set by us, or by HTTP itself (RFC 9110, sections 7.2 and 7.6.1). */
  private static final Set<String> OURS =
      Set.of(
          "host",
          "content-type",
          "content-length",
          "content-encoding",
          "transfer-encoding",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "user-agent",
          "cookie",
          "x-showpass-signature",
          "traceparent",
          "tracestate");

  private static final Set<String> OUR_PREFIXES = Set.of("webhook-", "usher-", "proxy-");

  /**
   * Kept with an event, or asked for by an endpoint, but not shown. A signature is one of them:
   * whoever saw one of Showpass' can sign any event with the same {@code id}.
   */
  private static final Pattern NOT_SHOWN =
      Pattern.compile(".*(passw|signature|hmac|(api|access|private|signing)[-_]?key).*");

  private HeaderRules() {}

  /** Notes what is wrong with {@code headers}; their values are never shown. */
  static void check(Map<String, String> headers, Fields fields) {
    Set<String> seen = new HashSet<>();
    headers.forEach(
        (name, value) ->
            fault(name, value, seen)
                .ifPresent(expected -> fields.fault(Fault.hidden("headers." + name, expected))));
  }

  private static Optional<String> fault(String name, String value, Set<String> seen) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (name.length() > MAX_NAME_CHARACTERS || !TOKEN.matcher(name).matches()) {
      return Optional.of("a header name of at most " + MAX_NAME_CHARACTERS + " characters");
    }
    if (OURS.contains(lower) || OUR_PREFIXES.stream().anyMatch(lower::startsWith)) {
      return Optional.of("a header that the gateway does not set itself");
    }
    if (!seen.add(lower)) {
      return Optional.of("each header once; names differ by more than case");
    }
    return value.equals(HIDDEN)
        ? Optional.of("the value itself; " + HIDDEN + " only stands for it in answers")
        : Optional.empty();
  }

  /** {@code headers} with {@link #HIDDEN} for each value that is or may be a credential. */
  static Map<String, String> withoutCredentials(Map<String, String> headers) {
    Map<String, String> shown = new LinkedHashMap<>();
    headers.forEach((name, value) -> shown.put(name, isCredential(name) ? HIDDEN : value));
    return shown;
  }

  /** As {@link #withoutCredentials(Map)}, and tells of those that differ from {@code before}. */
  static Map<String, String> withoutCredentials(
      Map<String, String> headers, Map<String, String> before) {
    Map<String, String> shown = withoutCredentials(headers);
    shown.replaceAll(
        (name, value) -> {
          boolean other =
              before.containsKey(name) && !Objects.equals(headers.get(name), before.get(name));
          return other && isCredential(name) ? HIDDEN_CHANGED : value;
        });
    return shown;
  }

  /** Whether the value of a header of this name is or may be a credential. */
  static boolean isCredential(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return CredentialHeaders.mayBe(lower) || NOT_SHOWN.matcher(lower).matches();
  }

  /**
   * The headers that an event came with, by lower-case name, values of the same name joined by a
   * comma (RFC 9110, section 5.3).
   *
   * @param lines one {@code name: value} a line
   */
  static Map<String, String> ofEvent(@Nullable String lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (lines != null) {
      lines.lines().forEach(line -> addLine(line, headers));
    }
    return withoutCredentials(headers);
  }

  private static void addLine(String line, Map<String, String> headers) {
    int colon = line.indexOf(':');
    if (colon > 0) {
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (first, next) -> first + ", " + next);
    }
  }
}
