package dev.usher.load;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A number that a suite can be given: {@code --NAME N}, or the system property {@code load.NAME}.
 */
public enum Quantity {
  RATE(1, 100_000, "events a second"),
  WARMUP(0, 3_600, "seconds of load that are not judged, before what is"),
  SECONDS(1, 604_800, "how long"),
  ENDPOINTS(1, 200, "endpoints that get every event"),
  TIMES(2, 1_000, "how many times the rate (on-sale), or the capacity (overload)"),
  BEFORE(1, 86_400, "seconds at the plain rate, before what is tried"),
  RAMP(1, 3_600, "seconds from the plain rate to the peak"),
  FALL(1, 3_600, "seconds from the peak to the plain rate"),
  RESENT(1, 100, "per cent of the events that are sent twice"),
  TOGETHER(0, 100, "per cent of those whose two requests are sent at the same moment"),
  FORGED(1, 100_000, "forged requests a second"),
  CAPACITY(0, 1_000_000, "events a second that the gateway accepts at most; 0: measure it first"),
  PROBE(2, 600, "seconds that measuring the capacity takes"),
  CONNECTIONS(1, 10_000, "connections with which the capacity is measured"),
  SAMPLE(1, 3_600, "seconds between two looks at the gateway's metrics"),
  P99(1, 60_000, "99 % of the answers come within so many ms"),
  DELIVERY_P99(1, 600_000, "99 % of the events arrive within so many ms of being sent"),
  KEPT(1, 100, "the p99 stays within so many times the one before"),
  KEPT_MS(0, 60_000, "or within so many ms, where that is more"),
  FAILED(0, Integer.MAX_VALUE, "requests that may fail: no answer, or one that is not expected"),
  DRAIN(1, 3_600, "seconds that the last deliveries may take after the load"),
  GOODPUT(1, 100, "per cent of the capacity that are still accepted"),
  OFFERED(1, 100, "per cent of the load that the generator must have sent in time"),
  REFUSED_P99(1, 60_000, "99 % of the refusals come within so many ms"),
  HEAP_GROWTH(0, 100_000, "MiB by which the heap's least filling may grow"),
  BUFFER_GROWTH(0, 100_000, "MiB by which memory outside the heap may grow"),
  DESCRIPTOR_GROWTH(0, 100_000, "file descriptors by which their number may grow");

  private final int least;
  private final int most;
  private final String meaning;

  Quantity(int least, int most, String meaning) {
    this.least = least;
    this.most = most;
    this.meaning = meaning;
  }

  /** As it is written in an option or, behind {@code load.}, in a system property. */
  public String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public int least() {
    return least;
  }

  public int most() {
    return most;
  }

  public String meaning() {
    return meaning;
  }

  /** A value that a suite has where none is given. */
  Default is(int value) {
    return new Default(this, value);
  }

  record Default(Quantity quantity, int value) {}

  static Optional<Quantity> of(String option) {
    return Arrays.stream(values()).filter(each -> each.option().equals(option)).findFirst();
  }
}
