package dev.usher.verify;

import dev.usher.event.SecretKey;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A source's keys, each with what its scheme computes signatures with.
 *
 * @param <S> the signer of one key
 */
final class Keys<S> {
  private record Keyed<S>(SecretKey key, S signer) {}

  private final List<Keyed<S>> keys;

  Keys(List<SecretKey> keys, Function<String, S> signer) {
    this.keys = keys.stream().map(key -> new Keyed<>(key, signer.apply(key.text()))).toList();
  }

  /** Tries every key that has not expired: the time tells neither which one fits nor whether. */
  boolean anyMatches(Instant now, Predicate<S> signatureMatches) {
    boolean matches = false;
    for (int i = 0; i < keys.size(); i++) {
      Keyed<S> keyed = keys.get(i);
      if (keyed.key.isValidAt(now)) {
        matches |= signatureMatches.test(keyed.signer);
      }
    }
    return matches;
  }

  /** The refusal of a request that none of the keys fits. */
  Verification.Refused refusal(String header, SignedRequest request, Instant now) {
    int valid = 0;
    for (int i = 0; i < keys.size(); i++) {
      valid += keys.get(i).key.isValidAt(now) ? 1 : 0;
    }
    return new Verification.Refused( // concatenated: formatting would cost as much as verifying
        "the signature in "
            + header
            + " differs; the body has "
            + request.body().length
            + " bytes; the source has "
            + valid
            + (valid == 1 ? " valid key" : " valid keys"));
  }
}
