package dev.usher.console;

import java.util.Map;

/** What a change has done, in words. An address names them by code, so it can say nothing else. */
final class Notices {
  private static final Map<String, String> TEXTS =
      Map.ofEntries(
          Map.entry("endpoint-created", "The endpoint is there. Give its secret to the receiver."),
          Map.entry("endpoint-changed", "The endpoint was changed."),
          Map.entry("endpoint-deleted", "The endpoint was deleted."),
          Map.entry("paused", "Paused: what comes for it is kept."),
          Map.entry("activated", "Active: what was kept flows again."),
          Map.entry("rotated", "There is a new secret. Earlier ones count until the overlap ends."),
          Map.entry("recovering", "Recovery has begun; deliveries to be sent again: "),
          Map.entry("cancelled", "The recovery was cancelled."),
          Map.entry("source-created", "The source is there. Set its address at the sender."),
          Map.entry("source-changed", "The source was changed."),
          Map.entry("source-deleted", "The source was deleted."),
          Map.entry("resent", "Sent again; deliveries that became due: "),
          Map.entry("key-deleted", "The key was deleted and opens nothing any more."),
          Map.entry("type-created", "The event type is there."),
          Map.entry("type-changed", "The event type was changed."),
          Map.entry("type-deleted", "The event type was deleted. Its events stay."));

  private Notices() {}

  /**
   * The words for a code, and a number where the words end with one; empty for no such code.
   *
   * @param number up to nine digits; anything else is left out
   */
  static String text(String code, String number) {
    String text = TEXTS.getOrDefault(code, "");
    boolean counted = text.endsWith(": ");
    return counted ? text + (number.matches("\\d{1,9}") ? number : "?") + "." : text;
  }
}
