package dev.usher.verify;

import java.util.regex.Pattern;

/** Answers to senders that ask whether somebody is here who has the key. */
final class Challenges {
  /**
   * What may be asked to be said again: never a text that could be part of JSON, or be signed in
   * place of a request, which would hold a colon.
   */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_.~+/=-]{1,255}");

  private Challenges() {}

  /** Whether {@code text} may be answered with, or with what its signature is. */
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  /** {@code token} said again, as the member called {@code name}. */
  static Verification echo(String name, String token) {
    return isToken(token)
        ? new Verification.Challenge("{\"" + name + "\":\"" + token + "\"}")
        : malformed(name);
  }

  static Verification malformed(String name) {
    return new Verification.Malformed(
        "'" + name + "' is no token; expected 1 to 255 of A-Z a-z 0-9 _ . ~ + / = -");
  }
}
