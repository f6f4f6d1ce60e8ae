package dev.usher.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What one run of the bench can consist of. */
enum Part {
  /** The subjects beside each other, round by round. */
  SUBJECTS,
  /** The p99 of an open model at half of what (b) takes at most, beside the store's own. */
  LATENCY,
  /** Three times as much as (b) takes. */
  OVERLOAD,
  /** From the start of the process to its readiness, with the stores running. */
  START,
  /** The CPU of an event as connections, endpoints and rows become many. */
  GROWTH;

  static Optional<Part> of(String option) {
    return Arrays.stream(values())
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(option))
        .findFirst();
  }
}
