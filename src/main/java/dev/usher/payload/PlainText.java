package dev.usher.payload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The bytes that stand for themselves in a JSON string: ASCII but control characters, quote and
 * backslash. Nearly all of a payload is runs of them, so they are passed eight at a time.
 */
final class PlainText {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long EACH = 0x0101_0101_0101_0101L;
  private static final long TOP_BITS = 0x8080_8080_8080_8080L;

  private PlainText() {}

  /**
   * Where the plain bytes from {@code start} on end: at the first other byte, or after the last.
   *
   * <p>Strings are short, so the loop must be cheap to enter. Comparing unsigned keeps the compiler
   * from preparing for many rounds, and lets it leave its own check of the index out.
   */
  static int end(byte[] bytes, int start) {
    int at = start;
    int eightEnd = bytes.length - (Long.BYTES - 1); // eight bytes can be read before it
    while (eightEnd > 0 && Integer.compareUnsigned(at, eightEnd) < 0) {
      long others = others((long) LONGS.get(bytes, at));
      if (others != 0) {
        return at + (Long.numberOfTrailingZeros(others) >>> 3); // bits to bytes
      }
      at += Long.BYTES;
    }
    while (at < bytes.length && isPlain(bytes[at])) {
      at++;
    }
    return at;
  }

  private static boolean isPlain(byte b) {
    return b >= ' ' && b != '"' && b != '\\';
  }

  /**
   * Eight bytes at once: sets the top bit of the lowest byte that is not plain, and of no byte
   * below it. Bits above may be set for plain bytes too, by a borrow from the one found.
   *
   * <p>A byte from 0x80 on has its top bit set already. For the others: subtracting n sets the top
   * bit of what is less than n. Exchanging the quote, 0x22, and the space, 0x20, makes the quote
   * the neighbour of the control characters, so that one subtraction finds both.
   */
  private static long others(long eight) {
    long controlsAndQuotes = (eight ^ (0x02 * EACH)) - 0x21 * EACH;
    long backslashes = (eight ^ ('\\' * EACH)) - EACH;
    return (eight | controlsAndQuotes | backslashes) & TOP_BITS;
  }
}
