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
    if (!isEncodable(text)) {
      throw new IllegalArgumentException(
          "the text of " + text.length() + " characters holds an unpaired surrogate");
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Whether every surrogate in {@code text} is one of a pair, so that UTF-8 can express it. */
  public static boolean isEncodable(CharSequence text) {
    int i = 0;
    while (i < text.length()) {
      int codePoint = Character.codePointAt(text, i); // an unpaired surrogate stands for itself
      if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
        return false;
      }
      i += Character.charCount(codePoint);
    }
    return true;
  }
}
