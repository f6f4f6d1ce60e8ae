package dev.usher.verify;

import java.util.List;

/**
 * What secrets of a provider may look like. Providers promise no form for most of them, so any text
 * will do; only what is plainly another credential of the same provider is refused, since people
 * copy the wrong one, and then every request fails.
 *
 * @param expected what the secret is and where it is found
 * @param others how other credentials of the provider begin
 */
record Credentials(String expected, List<String> others) {
  static Credentials of(String expected, String... others) {
    return new Credentials(expected, List.of(others));
  }

  /** The faults of a secret, which never quote it. */
  List<String> faults(String secret) {
    for (String other : others) {
      if (secret.startsWith(other)) {
        return List.of(
            "secret: begins with %s, which is another credential; expected %s"
                .formatted(other, expected));
      }
    }
    return OptionFaults.ofTextSecret(secret);
  }
}
