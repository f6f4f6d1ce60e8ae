package dev.usher.event;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The text form of our ids: a type prefix, {@code _}, and a UUID as 26 characters of lower-case
 * Crockford base32 (TypeID 0.3). Ids sort by time of creation, as text and as UUID, because the
 * UUIDs are of version 7 (RFC 9562).
 */
public final class TypeId {
  /** Characters after the prefix and its underscore. */
  public static final int SUFFIX_LENGTH = 26;

  private static final byte[] ALPHABET = ascii("0123456789abcdefghjkmnpqrstvwxyz");
  private static final byte[] VALUES = values();

  private TypeId() {}

  /** The text of {@code id} under {@code prefix}, for example {@code evt_01jd…}. */
  public static String encode(String prefix, UUID id) {
    int start = prefix.length() + 1;
    byte[] text = new byte[start + SUFFIX_LENGTH];
    for (int i = 0; i < prefix.length(); i++) {
      text[i] = (byte) prefix.charAt(i);
    }
    text[start - 1] = '_';
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    for (int i = SUFFIX_LENGTH - 1; i >= 0; i--) {
      text[start + i] = ALPHABET[(int) low & 31];
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  /**
   * The UUID in {@code text}, or null where it is not exactly {@code prefix_} and 26 characters.
   */
  public static @Nullable UUID decode(String prefix, String text) {
    int start = prefix.length() + 1;
    if (text.length() != start + SUFFIX_LENGTH
        || !text.startsWith(prefix)
        || text.charAt(start - 1) != '_'
        || text.charAt(start) > '7') { // 26 characters hold 130 bits: the first may use three
      return null;
    }
    long high = 0;
    long low = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      int value = c < 128 ? VALUES[c] : -1;
      if (value < 0) {
        return null;
      }
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | value;
    }
    return new UUID(high, low);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] values() {
    byte[] values = new byte[128];
    Arrays.fill(values, (byte) -1);
    for (int i = 0; i < ALPHABET.length; i++) {
      values[ALPHABET[i]] = (byte) i;
    }
    return values;
  }
}
