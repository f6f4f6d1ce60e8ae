package dev.usher.delivery;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be measured. */
enum Part {
  TAKE_OVER,
  SLOW,
  DUE,
  COMEBACK,
  RATE;

  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static Optional<Part> of(String option) {
    return Arrays.stream(values()).filter(each -> each.option().equals(option)).findFirst();
  }
}
