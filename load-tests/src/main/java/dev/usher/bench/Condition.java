package dev.usher.bench;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A number under which something is measured: an option of the bench, and what a sweep changes. */
enum Condition {
  /** Connections of wrk. */
  CONNECTIONS(256, 1, 10_000),
  /** Length of one measurement. */
  SECONDS(10, 1, 600),
  /** Load before each measurement, in the same process, at most. */
  WARMUP(60, 0, 600),
  /** Event loops of each server under test. */
  LOOPS(2, 1, 64),
  // One thread of wrk is busy at some 100,000 requests a second: about what the bare server
  // answers.
  WRK_THREADS(2, 1, 64),
  /** Bytes of each body; 0 for the sample as it is. */
  PAYLOAD(0, 0, 1_000_000),
  /** 1 where requests come over TLS. */
  TLS(0, 0, 1),
  /** Endpoints that get each event of subject (d). */
  FAN_OUT(1, 1, 100),
  /** What subject (d) sets on its endpoints; 0 for Usher's default. */
  ENDPOINT_CONCURRENCY(0, 0, 1_000),
  /** Endpoints of the organization that want none of the events. */
  ENDPOINTS(0, 0, 100_000),
  /** Events in the journal before the first one comes. */
  ROWS(0, 0, 100_000_000);

  private final int byDefault;
  private final int least;
  private final int most;

  Condition(int byDefault, int least, int most) {
    this.byDefault = byDefault;
    this.least = least;
    this.most = most;
  }

  String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int byDefault() {
    return byDefault;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  static Optional<Condition> of(String option) {
    return Arrays.stream(values()).filter(each -> each.option().equals(option)).findFirst();
  }
}
