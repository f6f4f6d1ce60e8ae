package dev.usher.verify;

import dev.usher.crypto.Hmac;
import dev.usher.crypto.StrictUtf8;
import dev.usher.event.SecretKey;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A source's keys as HMACs, each keyed with its secret in UTF-8: what most providers sign with.
 *
 * <p>Not thread-safe: for one event loop.
 */
final class HmacKeys {
  private final Keys<Hmac> keys;

  HmacKeys(List<SecretKey> keys, Hmac.Algorithm algorithm) {
    this.keys = new Keys<>(keys, secret -> hmac(algorithm, secret));
  }

  static HmacKeys sha256(List<SecretKey> keys) {
    return new HmacKeys(keys, Hmac.Algorithm.SHA256);
  }

  private static Hmac hmac(Hmac.Algorithm algorithm, String secret) {
    return Hmac.of(algorithm, StrictUtf8.encode(secret));
  }

  /** The MAC of {@code parts}, one after the other, as a sender with {@code secret} computes it. */
  static byte[] mac(Hmac.Algorithm algorithm, String secret, byte[]... parts) {
    return mac(hmac(algorithm, secret), parts);
  }

  private static byte[] mac(Hmac hmac, byte[]... parts) {
    for (byte[] part : parts) {
      hmac.update(part);
    }
    return hmac.finish();
  }

  /**
   * Whether one of {@code given} is the MAC of {@code parts}, one after the other, under a key that
   * is valid now. The time tells neither which key nor which signature fits, nor whether any does.
   */
  boolean sign(Instant now, SignatureEncoding encoding, List<String> given, byte[]... parts) {
    return signer(now, encoding, given, parts) != null;
  }

  /** The key by which {@link #sign} holds; null where none does. */
  @Nullable Hmac signer(
      Instant now, SignatureEncoding encoding, List<String> given, byte[]... parts) {
    Signer signer = new Signer();
    keys.anyMatches(
        now,
        hmac -> {
          byte[] mac = mac(hmac, parts);
          boolean matches = false;
          for (String one : given) {
            matches |= encoding.matches(mac, one);
          }
          signer.found = matches ? hmac : signer.found;
          return matches;
        });
    return signer.found;
  }

  private static final class Signer {
    private @Nullable Hmac found;
  }

  /** The refusal of a request that none of the keys fits. */
  Verification.Refused refusal(String where, SignedRequest request, Instant now) {
    return keys.refusal(where, request, now);
  }
}
