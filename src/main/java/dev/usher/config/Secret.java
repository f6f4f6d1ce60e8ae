package dev.usher.config;

import java.util.Base64;

/**
 * A secret from the configuration. {@link #toString()} hides it, so that no log line shows it.
 *
 * @param text the secret as the operator wrote it
 */
public record Secret(String text) {
  /**
   * The bytes that the text encodes in base64 (RFC 4648, section 4).
   *
   * @throws IllegalArgumentException where the text is not base64
   */
  public byte[] base64Bytes() {
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      // The decoder's own message quotes what it stumbled over.
      throw new IllegalArgumentException("a secret is not base64");
    }
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
