package dev.usher.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Faults of a source's options and secrets, in words for the person who sets them. */
final class OptionFaults {
  private static final int MAX_SECRET_LENGTH = 1_024;
  private static final int QUOTED_LENGTH = 64;

  private OptionFaults() {}

  /** A fault of one option. */
  static String of(String option, String value, String expected) {
    String shown = value.length() > QUOTED_LENGTH ? value.substring(0, QUOTED_LENGTH) + "…" : value;
    return "options.%s: '%s'; expected %s".formatted(option, shown, expected);
  }

  /** The faults of options that the scheme does not know; the list can be added to. */
  static List<String> unknown(Map<String, String> options, Set<String> known) {
    List<String> faults = new ArrayList<>();
    String expected =
        known.isEmpty() ? "no options" : "only " + String.join(", ", new TreeSet<>(known));
    for (String option : new TreeSet<>(options.keySet())) {
      if (!known.contains(option)) {
        faults.add("options.%s: unknown; expected %s".formatted(option, expected));
      }
    }
    return faults;
  }

  /** The faults of a secret that may be any text. */
  static List<String> ofTextSecret(String secret) {
    if (secret.isEmpty() || secret.length() > MAX_SECRET_LENGTH) {
      return List.of(
          "secret: has %d characters; expected 1 to %d"
              .formatted(secret.length(), MAX_SECRET_LENGTH));
    }
    boolean printable =
        secret
            .codePoints() // an unpaired surrogate stands for itself
            .noneMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    return printable
        ? List.of()
        : List.of("secret: holds a control character or half a character; expected text");
  }
}
