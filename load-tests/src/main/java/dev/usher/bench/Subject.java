package dev.usher.bench;

import java.util.Arrays;
import java.util.Optional;

/** What the bench compares, in the order in which a round measures them. */
enum Subject {
  BARE_SERVER('a', "bare server: reads, answers"),
  USHER_ACCEPT('b', "Usher: accepts"),
  BARE_PROXY('c', "bare proxy: passes on"),
  USHER_DELIVER('d', "Usher: accepts and delivers");

  private final char letter;
  private final String title;

  Subject(char letter, String title) {
    this.letter = letter;
    this.title = title;
  }

  char letter() {
    return letter;
  }

  String title() {
    return title;
  }

  boolean isUsher() {
    return this == USHER_ACCEPT || this == USHER_DELIVER;
  }

  static Optional<Subject> of(String letter) {
    return Arrays.stream(values())
        .filter(subject -> letter.equals(Character.toString(subject.letter)))
        .findFirst();
  }
}
