package dev.usher.payload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The names of one object's members seen so far. They are compared as bytes, so they must come
 * without escapes: names are the same exactly when their UTF-8 is.
 *
 * <p>A hash table with open addressing, made once for as many names as there may be and used again
 * for each body. The hash depends on random numbers: who does not know them cannot make names that
 * fall into one place and have to be searched one by one.
 */
final class MemberNames {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int MOST = TopLevelReader.MAX_MEMBERS + 1; // one too many is seen, and told
  private static final int SLOTS = 2_048; // a power of two, about twice the most names
  private static final int KEPT_BYTES = 4_096; // more than the names of nearly every body

  private final int[] slots = new int[SLOTS]; // in each, the number of a name from 1 on, or 0
  private final int[] taken = new int[MOST + 1]; // by each name, which of the slots
  private final int[] ends = new int[MOST + 1]; // of each name in bytes, where the next one begins
  private byte[] bytes = new byte[KEPT_BYTES]; // all names, one after the other
  private int count;

  private final long seed;
  private final long factor;

  MemberNames() {
    SecureRandom random = new SecureRandom();
    seed = random.nextLong();
    factor = random.nextLong() | 1; // odd: multiplying by it loses no bit
  }

  /**
   * Adds the name that is {@code source} from {@code start} to {@code end}; false where it was
   * there already.
   */
  boolean add(byte[] source, int start, int end) {
    int slot = (int) hash(source, start, end) & (SLOTS - 1);
    while (slots[slot] != 0) {
      int other = slots[slot];
      if (Arrays.equals(bytes, ends[other - 1], ends[other], source, start, end)) {
        return false;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    slots[slot] = ++count;
    taken[count] = slot;
    ends[count] = keep(source, start, end);
    return true;
  }

  private int keep(byte[] source, int start, int end) {
    int from = ends[count - 1];
    int to = from + end - start;
    if (to > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(to, 2 * bytes.length));
    }
    System.arraycopy(source, start, bytes, from, end - start);
    return to;
  }

  /** How many were added. */
  int count() {
    return count;
  }

  /** Forgets all names. */
  void clear() {
    while (count > 0) {
      slots[taken[count--]] = 0;
    }
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[KEPT_BYTES];
    }
  }

  private long hash(byte[] source, int start, int end) {
    long hash = seed ^ (end - start);
    int at = start;
    for (; at <= end - Long.BYTES; at += Long.BYTES) {
      hash = mix(hash ^ (long) LONGS.get(source, at));
    }
    long rest = 0;
    for (; at < end; at++) {
      rest = rest << 8 | (source[at] & 0xFF);
    }
    return mix(hash ^ rest);
  }

  /** Both halves of the product, so that each bit of the value changes many. */
  private long mix(long value) {
    return value * factor ^ Math.multiplyHigh(value, factor);
  }
}
