package dev.usher.control;

import dev.usher.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an endpoint subscribes to: an event type, {@code prefix.*}, or {@code *} for all that
 * senders send. The gateway's own events, {@code usher.…}, must be asked for by type or prefix.
 */
final class EventPatterns {
  static final String EXPECTED =
      "an event type, prefix.* or *, of at most 128 characters A-Z a-z 0-9 _ . / -";

  static final String TYPE_EXPECTED =
      "an event type of 1 to 128 characters A-Z a-z 0-9 _ . -, not usher.…";

  /** Events of this prefix tell what the gateway did: nobody else may say so. */
  private static final String OWN_TYPES = "usher.";

  private static final int MAX_CHARACTERS = 128;
  private static final Pattern TYPE = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern FORM = Pattern.compile("\\*|[A-Za-z0-9_./-]+(\\.\\*)?");

  private EventPatterns() {}

  /** Whether organizations may have events of this type; the gateway has its own. */
  static boolean isPublicType(String text) {
    return text.length() <= MAX_CHARACTERS
        && TYPE.matcher(text).matches()
        && !text.startsWith(OWN_TYPES);
  }

  static boolean isPattern(String text) {
    return text.length() <= MAX_CHARACTERS && FORM.matcher(text).matches();
  }

  /**
   * The smallest set that matches the same types: patterns that another one covers are left out, so
   * that no type matches two of the rest.
   */
  static List<String> withoutCovered(List<String> patterns) {
    Set<String> distinct = new LinkedHashSet<>(patterns);
    return distinct.stream()
        .filter(pattern -> distinct.stream().noneMatch(other -> covers(other, pattern)))
        .toList();
  }

  /**
   * Every pattern that matches {@code type}: itself, each prefix that ends at a dot, and {@code *};
   * but not {@code *} for the gateway's own events.
   */
  static List<String> matching(String type) {
    List<String> patterns = new ArrayList<>();
    patterns.add(type);
    for (int dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
      patterns.add(type.substring(0, dot) + ".*");
    }
    if (!type.startsWith(Event.SYSTEM_PREFIX)) {
      patterns.add("*");
    }
    return patterns;
  }

  private static boolean covers(String wide, String narrow) {
    if (wide.equals(narrow) || !wide.endsWith("*")) {
      return false;
    }
    return wide.equals("*")
        ? !narrow.startsWith(Event.SYSTEM_PREFIX)
        : narrow.startsWith(wide.substring(0, wide.length() - 1));
  }
}
