package dev.usher.control;

import java.util.List;

/** What reading a request gave: a value, or all that is wrong with it. */
sealed interface Parsed<T> {
  /** Everything was right. */
  record Valid<T>(T value) implements Parsed<T> {}

  /** At least one fault. */
  record Invalid<T>(List<Fault> faults) implements Parsed<T> {}
}
