package dev.usher.load;

import static dev.usher.load.Quantity.BEFORE;
import static dev.usher.load.Quantity.BUFFER_GROWTH;
import static dev.usher.load.Quantity.CAPACITY;
import static dev.usher.load.Quantity.CONNECTIONS;
import static dev.usher.load.Quantity.DELIVERY_P99;
import static dev.usher.load.Quantity.DESCRIPTOR_GROWTH;
import static dev.usher.load.Quantity.DRAIN;
import static dev.usher.load.Quantity.ENDPOINTS;
import static dev.usher.load.Quantity.FAILED;
import static dev.usher.load.Quantity.FALL;
import static dev.usher.load.Quantity.FORGED;
import static dev.usher.load.Quantity.GOODPUT;
import static dev.usher.load.Quantity.HEAP_GROWTH;
import static dev.usher.load.Quantity.KEPT;
import static dev.usher.load.Quantity.KEPT_MS;
import static dev.usher.load.Quantity.OFFERED;
import static dev.usher.load.Quantity.P99;
import static dev.usher.load.Quantity.PROBE;
import static dev.usher.load.Quantity.RAMP;
import static dev.usher.load.Quantity.RATE;
import static dev.usher.load.Quantity.REFUSED_P99;
import static dev.usher.load.Quantity.RESENT;
import static dev.usher.load.Quantity.SAMPLE;
import static dev.usher.load.Quantity.SECONDS;
import static dev.usher.load.Quantity.TIMES;
import static dev.usher.load.Quantity.TOGETHER;
import static dev.usher.load.Quantity.WARMUP;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The load tests that {@code run} knows, with what each can be given and its defaults. */
public enum Suite {
  STEADY("a constant rate, whatever the gateway answers"),
  ON_SALE("a show goes on sale: 50 times the rate within 10 s, held, and down again"),
  DUPLICATES("30 % of the events are sent twice, half of these at the same moment"),
  FORGED_FLOOD("bad signatures beside good traffic, whose p99 must stay"),
  SLOW_ENDPOINTS("a third of the endpoints hangs; the deliveries to the others keep their p99"),
  OVERLOAD("3 times as much as the gateway can accept"),
  SOAK("hours at a constant rate: memory and file descriptors stay flat"),
  FAN_OUT("each event goes to 50 endpoints");

  private final String meaning;

  Suite(String meaning) {
    this.meaning = meaning;
  }

  /** As {@code run} takes it. */
  public String option() {
    return this == FORGED_FLOOD ? "forged" : name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What it does, in a line. */
  public String meaning() {
    return meaning;
  }

  /** What it can be given, and what it has where nothing is given. */
  public Map<Quantity, Integer> defaults() {
    return switch (this) {
      case STEADY ->
          all(
              RATE.is(100),
              WARMUP.is(10),
              SECONDS.is(30),
              ENDPOINTS.is(1),
              P99.is(250),
              DELIVERY_P99.is(1_000));
      case ON_SALE ->
          all(
              RATE.is(10),
              BEFORE.is(15),
              TIMES.is(50),
              RAMP.is(10),
              SECONDS.is(30),
              FALL.is(10),
              ENDPOINTS.is(1),
              P99.is(500),
              DELIVERY_P99.is(5_000));
      case DUPLICATES ->
          all(
              RATE.is(100),
              WARMUP.is(10),
              SECONDS.is(30),
              RESENT.is(30),
              TOGETHER.is(50),
              ENDPOINTS.is(1),
              P99.is(250),
              DELIVERY_P99.is(1_000));
      case FORGED_FLOOD ->
          all(
              RATE.is(100),
              WARMUP.is(10),
              BEFORE.is(20),
              SECONDS.is(30),
              FORGED.is(1_000),
              ENDPOINTS.is(1),
              P99.is(250),
              KEPT.is(3),
              KEPT_MS.is(50),
              DELIVERY_P99.is(1_000));
      case SLOW_ENDPOINTS ->
          all(
              RATE.is(20),
              WARMUP.is(10),
              BEFORE.is(20),
              SECONDS.is(60),
              ENDPOINTS.is(9),
              P99.is(250),
              KEPT.is(3),
              KEPT_MS.is(100),
              DELIVERY_P99.is(1_000));
      case OVERLOAD ->
          all(
              CAPACITY.is(0),
              PROBE.is(20),
              CONNECTIONS.is(256),
              WARMUP.is(10),
              TIMES.is(3),
              SECONDS.is(30),
              ENDPOINTS.is(1),
              OFFERED.is(90),
              GOODPUT.is(90),
              REFUSED_P99.is(50));
      case SOAK ->
          all(
              RATE.is(100),
              WARMUP.is(300),
              SECONDS.is(14_400),
              SAMPLE.is(10),
              ENDPOINTS.is(1),
              P99.is(250),
              DELIVERY_P99.is(1_000),
              HEAP_GROWTH.is(16),
              BUFFER_GROWTH.is(16),
              DESCRIPTOR_GROWTH.is(16));
      case FAN_OUT ->
          all(
              RATE.is(5),
              WARMUP.is(10),
              SECONDS.is(30),
              ENDPOINTS.is(50),
              P99.is(250),
              DELIVERY_P99.is(2_000));
    };
  }

  private static Map<Quantity, Integer> all(Quantity.Default... own) {
    Map<Quantity, Integer> defaults = new EnumMap<>(Quantity.class);
    defaults.put(FAILED, 0);
    defaults.put(DRAIN, 60);
    Arrays.stream(own).forEach(each -> defaults.put(each.quantity(), each.value()));
    return defaults;
  }

  public static Optional<Suite> of(String option) {
    return Arrays.stream(values()).filter(each -> each.option().equals(option)).findFirst();
  }
}
