package dev.usher.payload;

/**
 * Ends the reading of a body at its first fault. It never leaves this package: {@link
 * TopLevelReader} turns it into {@link TopLevel.Malformed}. Without a stack trace, because a flood
 * of faulty bodies must not cost more than as many good ones.
 */
final class MalformedBodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String detail;

  MalformedBodyException(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  /** For the sender: what was found, where, and what was expected. */
  String detail() {
    return detail;
  }
}
