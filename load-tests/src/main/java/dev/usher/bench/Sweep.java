package dev.usher.bench;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One condition through several values, with everything else as it is. */
enum Sweep {
  CONNECTIONS(Condition.CONNECTIONS),
  PAYLOAD(Condition.PAYLOAD),
  LOOPS(Condition.LOOPS),
  TLS(Condition.TLS),
  FAN_OUT(Condition.FAN_OUT);

  private static final int KIB = 1_024;

  private final Condition condition;

  Sweep(Condition condition) {
    this.condition = condition;
  }

  Condition condition() {
    return condition;
  }

  List<Integer> steps() {
    return switch (this) {
      case CONNECTIONS -> List.of(64, 256, 512, 1_024);
      case PAYLOAD -> List.of(KIB, 4 * KIB, 64 * KIB);
      case LOOPS -> List.of(1, 2, 3, 4);
      case TLS -> List.of(0, 1);
      case FAN_OUT -> List.of(1, 5, 20);
    };
  }

  /** For whom the condition means something; the others are measured when they are named. */
  Set<Subject> subjects() {
    return switch (this) {
      case CONNECTIONS, PAYLOAD, LOOPS ->
          EnumSet.of(
              Subject.BARE_SERVER, Subject.USHER_ACCEPT, Subject.BARE_PROXY, Subject.USHER_DELIVER);
      case TLS -> EnumSet.of(Subject.BARE_SERVER, Subject.USHER_ACCEPT);
      case FAN_OUT -> EnumSet.of(Subject.USHER_DELIVER);
    };
  }

  static Optional<Sweep> of(String option) {
    return Arrays.stream(values())
        .filter(each -> each.condition.option().equals(option))
        .findFirst();
  }
}
