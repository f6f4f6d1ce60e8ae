package dev.usher.bench;

import java.util.Arrays;
import java.util.Optional;

/** What the bench compares, in the order in which a round measures them. */
enum Subject {
  BARE_SERVER('a', "bare server: reads, answers", ""),
  USHER_ACCEPT('b', "Usher: accepts", "accepted"),
  BARE_PROXY('c', "bare proxy: passes on", ""),
  USHER_DELIVER('d', "Usher: accepts and delivers", "accepted"),
  USHER_DUPLICATE('e', "Usher: a duplicate, answered from Redis", "duplicate"),
  USHER_FORGED('f', "Usher: a forged request, refused", "unauthenticated");

  private final char letter;
  private final String title;
  private final String outcome;

  Subject(char letter, String title, String outcome) {
    this.letter = letter;
    this.title = title;
    this.outcome = outcome;
  }

  char letter() {
    return letter;
  }

  String title() {
    return title;
  }

  /** What Usher must count each request as; nothing for a bare server. */
  String outcome() {
    return outcome;
  }

  boolean isUsher() {
    return !outcome.isEmpty();
  }

  /** Whether its requests become rows of the journal. */
  boolean isJournaled() {
    return this == USHER_ACCEPT || this == USHER_DELIVER;
  }

  static Optional<Subject> of(String letter) {
    return Arrays.stream(values())
        .filter(subject -> letter.equals(Character.toString(subject.letter)))
        .findFirst();
  }
}
