package dev.usher.payload;

/** What a wanted top-level member of a payload turned out to be. */
public sealed interface Member {
  /** A string, unescaped; every surrogate in it is one of a pair. */
  record Text(String value) implements Member {}

  /**
   * Present, but no string.
   *
   * @param found what it is, for people: {@code a number}, {@code null}
   */
  record WrongType(String found) implements Member {}

  /** Not there. */
  record Absent() implements Member {}
}
