package dev.usher.console;

import dev.usher.control.Credential;
import dev.usher.crypto.ConstantTime;
import dev.usher.crypto.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who has signed in.
 *
 * @param token what the browser's cookie holds; we keep its hash only
 * @param credential whose key opened it
 * @param organization where the administrator works at the moment; null for nowhere yet
 */
record Session(String token, Credential credential, @Nullable String organization) {
  private static final int TOKEN_BYTES = 32;
  private static final int TOKEN_CHARACTERS = 43;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A token that nobody can guess. */
  static String newToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether {@code text} may be a token of ours: only then the database is asked. */
  static boolean isToken(String text) {
    return text.length() == TOKEN_CHARACTERS;
  }

  /** What is kept of a token. */
  static byte[] hash(String token) {
    return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * What every change of this session must bring along: another site can make the browser send the
   * cookie, but not read a page of ours. It follows from the token and does not tell it.
   */
  String csrf() {
    byte[] bytes = Sha256.of(("csrf " + token).getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether {@code given} is this session's. */
  boolean isCsrf(String given) {
    return ConstantTime.equal(
        csrf().getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "Session[" + credential + "]";
  }
}
