package dev.usher.crypto;

import java.nio.charset.StandardCharsets;

/** Text to bytes for signing and hashing, where two texts must never become the same bytes. */
public final class StrictUtf8 {
  private StrictUtf8() {}

  /**
   * The UTF-8 of {@code text}.
   *
   * @throws IllegalArgumentException where it holds an unpaired surrogate, which the JDK would
   *     quietly turn into {@code ?}
   */
  public static byte[] encode(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (!new String(bytes, StandardCharsets.UTF_8).equals(text)) {
      throw new IllegalArgumentException(
          "the text of " + text.length() + " characters holds an unpaired surrogate");
    }
    return bytes;
  }
}
