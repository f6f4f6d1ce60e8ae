package dev.usher.payload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Whether bytes are UTF-8 as RFC 3629 allows it: shortest forms, no surrogates, up to U+10FFFF. */
public final class Utf8 {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /** Whether all of {@code bytes} are UTF-8; none are. */
  public static boolean isWellFormed(byte[] bytes) {
    return firstMalformed(bytes) < 0;
  }

  /** Where the first sequence begins that is not UTF-8, or -1 where there is none. */
  public static int firstMalformed(byte[] bytes) {
    int i = afterAscii(bytes, 0);
    while (i < bytes.length) {
      int length = sequenceLength(bytes, i);
      if (length == 0) {
        return i;
      }
      i = afterAscii(bytes, i + length);
    }
    return -1;
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

  private static int afterAscii(byte[] bytes, int start) {
    int i = start;
    while (i <= bytes.length - Long.BYTES && ((long) LONGS.get(bytes, i) & NOT_ASCII) == 0) {
      i += Long.BYTES;
    }
    while (i < bytes.length && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /**
   * The length of the sequence of two to four bytes at {@code i}, or 0 where there is none of Table
   * 3-7 of the Unicode Standard. The second byte's range is what keeps out overlong forms (after E0
   * and F0), surrogates (after ED) and what lies beyond U+10FFFF (after F4).
   */
  static int sequenceLength(byte[] bytes, int i) {
    int lead = bytes[i] & 0xFF;
    if (lead >= 0xC2 && lead <= 0xDF) {
      return inRange(bytes, i + 1, 0x80, 0xBF) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
      int least = lead == 0xE0 ? 0xA0 : 0x80;
      int most = lead == 0xED ? 0x9F : 0xBF;
      return inRange(bytes, i + 1, least, most) && inRange(bytes, i + 2, 0x80, 0xBF) ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
      int least = lead == 0xF0 ? 0x90 : 0x80;
      int most = lead == 0xF4 ? 0x8F : 0xBF;
      return inRange(bytes, i + 1, least, most)
              && inRange(bytes, i + 2, 0x80, 0xBF)
              && inRange(bytes, i + 3, 0x80, 0xBF)
          ? 4
          : 0;
    }
    return 0; // a continuation, C0 or C1 (overlong), or F5 and above
  }

  private static boolean inRange(byte[] bytes, int i, int least, int most) {
    return i < bytes.length && (bytes[i] & 0xFF) >= least && (bytes[i] & 0xFF) <= most;
  }
}
