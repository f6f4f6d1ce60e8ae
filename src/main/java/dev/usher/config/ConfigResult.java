package dev.usher.config;

import java.util.List;

/** What came of reading the configuration. */
public sealed interface ConfigResult {
  /** All is well. */
  record Read(UsherConfig config) implements ConfigResult {}

  /**
   * Something is wrong; nothing may start.
   *
   * @param faults all of them, one line each: key, value and what was expected, never a secret's
   *     value
   */
  record Faulty(List<String> faults) implements ConfigResult {
    public Faulty {
      faults = List.copyOf(faults);
    }
  }
}
