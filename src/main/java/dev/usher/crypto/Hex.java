package dev.usher.crypto;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Hexadecimal text of bytes, read strictly and without exceptions: senders write what they like.
 */
public final class Hex {
  private static final HexFormat LOWER = HexFormat.of();

  private Hex() {}

  /** The lower-case text of {@code bytes}. */
  public static String encode(byte[] bytes) {
    return LOWER.formatHex(bytes);
  }

  /**
   * The bytes of a lower-case {@code text}, or null where it is not exactly {@code length} of them.
   */
  public static byte @Nullable [] decodeLower(String text, int length) {
    return decode(text, length, 'a');
  }

  /**
   * The bytes of a {@code text} that is lower-case or upper-case throughout, or null where it is
   * not exactly {@code length} of them. One case, so that a signature has no more spellings than it
   * must.
   */
  public static byte @Nullable [] decode(String text, int length) {
    byte @Nullable [] lower = decode(text, length, 'a');
    return lower != null ? lower : decode(text, length, 'A');
  }

  private static byte @Nullable [] decode(String text, int length, char ten) {
    if (text.length() != 2 * length) {
      return null;
    }
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      int high = digit(text.charAt(2 * i), ten);
      int low = digit(text.charAt(2 * i + 1), ten);
      if ((high | low) < 0) {
        return null;
      }
      bytes[i] = (byte) (high << 4 | low);
    }
    return bytes;
  }

  private static int digit(char c, char ten) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= ten && c < ten + 6 ? c - ten + 10 : -1;
  }
}
