package dev.usher.send;

/**
 * When the requests of an open model come due: at one rate while everything warms up, then at the
 * one that is measured.
 */
record Schedule(int warmRate, long warmNanos, int rate, long nanos) {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Requests that have come due so long after the start. */
  long dueBy(long elapsedNanos) {
    return elapsedNanos <= warmNanos
        ? (long) (elapsedNanos / NANOS_PER_SECOND * warmRate)
        : warm() + (long) ((elapsedNanos - warmNanos) / NANOS_PER_SECOND * rate);
  }

  /** How long after the start a request comes due, by its number from 0. */
  long dueAt(long number) {
    return number < warm()
        ? (long) (number * NANOS_PER_SECOND / warmRate)
        : warmNanos + (long) ((number - warm()) * NANOS_PER_SECOND / rate);
  }

  private long warm() {
    return (long) (warmNanos / NANOS_PER_SECOND * warmRate);
  }

  /** Requests of the measured time. */
  long measured() {
    return dueBy(endNanos()) - warm();
  }

  long endNanos() {
    return warmNanos + nanos;
  }
}
