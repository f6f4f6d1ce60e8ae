package dev.usher.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks of one record's values. All of them are made before {@link #check()} throws, so that an
 * operator sees every fault at once. Bounds are included in their ranges.
 */
final class Limits {
  private final List<Fault> faults = new ArrayList<>();

  Limits between(String key, int value, int least, int most) {
    return that(
        value >= least && value <= most,
        key,
        Integer.toString(value),
        "a number from " + least + " to " + most);
  }

  Limits between(String key, Duration value, Duration least, Duration most) {
    return that(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        key,
        Durations.format(value),
        "a duration from " + Durations.format(least) + " to " + Durations.format(most));
  }

  Limits bytesBetween(String key, int bytes, int least, int most) {
    return that(
        bytes >= least && bytes <= most,
        key,
        Sizes.format(bytes),
        "a size from " + Sizes.format(least) + " to " + Sizes.format(most));
  }

  Limits that(boolean holds, String key, String value, String expected) {
    return that(holds, List.of(key), value, expected);
  }

  /** A relation between several keys, the one to change first. */
  Limits that(boolean holds, List<String> keys, String value, String expected) {
    if (!holds) {
      faults.add(new Fault(keys, value, expected));
    }
    return this;
  }

  /**
   * Ends the checks.
   *
   * @throws InvalidConfigException with every fault that was found
   */
  void check() {
    if (!faults.isEmpty()) {
      throw new InvalidConfigException(faults);
    }
  }
}
