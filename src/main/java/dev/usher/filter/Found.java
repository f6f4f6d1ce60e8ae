package dev.usher.filter;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What stands at a {@link Pointer}. Equal values are equal, whichever way they are written. */
sealed interface Found {
  Found MISSING = new Missing();
  Found NULL = new Null();
  Found CONTAINER = new Container();
  Found TRUE = new Flag(true);
  Found FALSE = new Flag(false);

  record Missing() implements Found {}

  record Null() implements Found {}

  /** An object or an array: it is there, and equal to nothing that a filter can name. */
  record Container() implements Found {}

  record Flag(boolean value) implements Found {}

  record Text(String value) implements Found {}

  /**
   * A number.
   *
   * @param value without trailing zeros, so that 10, 10.0 and 1e1 are equal
   */
  record Numeric(BigDecimal value) implements Found {}

  /** The number that {@code text} writes; null where its exponent is beyond every use. */
  static @Nullable Found number(String text) {
    try {
      return new Numeric(new BigDecimal(text).stripTrailingZeros());
    } catch (NumberFormatException | ArithmeticException e) {
      return null;
    }
  }
}
