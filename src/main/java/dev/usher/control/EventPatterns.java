package dev.usher.control;

import dev.usher.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an endpoint subscribes to: an event type, {@code prefix.*}, or {@code *} for all that
 * senders send. The gateway's own events, {@code usher.…}, must be asked for by type or prefix.
 */
final class EventPatterns {
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
