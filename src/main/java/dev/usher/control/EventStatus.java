package dev.usher.control;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How far the deliveries of an event, or one of them, have come. */
enum EventStatus {
  /** At least one delivery is still due. */
  PENDING,
  /** Nothing is due any more, and the last attempt at some endpoint failed. */
  FAILED,
  /** The last attempt at every endpoint succeeded. */
  SUCCEEDED,
  /** No endpoint wanted it. */
  NONE;

  static @Nullable EventStatus parse(String text) {
    for (EventStatus status : values()) {
      if (status.text().equals(text)) {
        return status;
      }
    }
    return null;
  }

  /** The status of an event whose deliveries have these. */
  static EventStatus of(Collection<EventStatus> deliveries) {
    if (deliveries.contains(PENDING)) {
      return PENDING;
    }
    if (deliveries.contains(FAILED)) {
      return FAILED;
    }
    return deliveries.isEmpty() ? NONE : SUCCEEDED;
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
