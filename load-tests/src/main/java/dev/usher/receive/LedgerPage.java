package dev.usher.receive;

import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;

/** The account of 65,536 events: 9 bytes for each, and a bit for each endpoint. */
final class LedgerPage {
  static final int EVENTS = 1 << 16;

  final int[] sentAtTenthMillis = new int[EVENTS];
  final byte[] phase = new byte[EVENTS];
  final AtomicIntegerArray idHashes = new AtomicIntegerArray(EVENTS);
  final Bits accepted = new Bits();
  final Bits known = new Bits();
  final Bits refused = new Bits();
  private final Bits[] received;

  LedgerPage(int endpoints) {
    received = IntStream.range(0, endpoints).mapToObj(_ -> new Bits()).toArray(Bits[]::new);
  }

  Bits receivedBy(int endpoint) {
    return received[endpoint];
  }

  /** A bit for each event of the page; each call is atomic. */
  static final class Bits {
    private final AtomicLongArray words = new AtomicLongArray(EVENTS / Long.SIZE);

    /** Sets the bit of an event; false where it was set before. */
    boolean set(int event) {
      long bit = 1L << event;
      return (words.getAndUpdate(event / Long.SIZE, word -> word | bit) & bit) == 0;
    }

    /** Events that are in this and not in the other. */
    int countWithout(Bits other) {
      int count = 0;
      for (int i = 0; i < words.length(); i++) {
        count += Long.bitCount(words.get(i) & ~other.words.get(i));
      }
      return count;
    }

    /** Events that are in this and in the other. */
    int countWith(Bits other) {
      int count = 0;
      for (int i = 0; i < words.length(); i++) {
        count += Long.bitCount(words.get(i) & other.words.get(i));
      }
      return count;
    }

    /** The first event that is in this and not in the other; -1 where there is none. */
    int firstWithout(Bits other) {
      for (int i = 0; i < words.length(); i++) {
        long missing = words.get(i) & ~other.words.get(i);
        if (missing != 0) {
          return i * Long.SIZE + Long.numberOfTrailingZeros(missing);
        }
      }
      return -1;
    }
  }
}
