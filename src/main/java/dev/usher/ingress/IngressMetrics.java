package dev.usher.ingress;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** The meters of the public door, over all event loops of the process. */
public final class IngressMetrics {
  /** The scheme of requests that name no source. */
  static final String NO_SCHEME = "unknown";

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_500, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  private record Meter(Counter requests, Timer seconds) {}

  private final MeterRegistry registry;
  private final Set<String> schemes;

  /** By scheme, of those that sources here use: each adds some 170 lines to every scrape. */
  private final Map<String, Map<Outcome.Kind, Meter>> meters = new ConcurrentHashMap<>();

  /**
   * @param schemes the names of all signature schemes
   */
  public IngressMetrics(MeterRegistry registry, Set<String> schemes) {
    this.registry = registry;
    this.schemes = schemes;
    meters.put(NO_SCHEME, meters(NO_SCHEME));
  }

  private Map<Outcome.Kind, Meter> meters(String scheme) {
    Map<Outcome.Kind, Meter> byKind = new EnumMap<>(Outcome.Kind.class);
    for (Outcome.Kind kind : Outcome.Kind.values()) {
      String outcome = kind.name().toLowerCase(Locale.ROOT);
      byKind.put(
          kind,
          new Meter(
              Counter.builder("usher.ingress.requests")
                  .description("Requests at the public door")
                  .tag("scheme", scheme)
                  .tag("outcome", outcome)
                  .register(registry),
              Timer.builder("usher.ingress")
                  .description("From a request's head to its answer")
                  .tag("scheme", scheme)
                  .tag("outcome", outcome)
                  .serviceLevelObjectives(BUCKETS)
                  .register(registry)));
    }
    return byKind;
  }

  void answered(String scheme, Outcome.Kind kind, long nanos) {
    Map<Outcome.Kind, Meter> known = meters.get(scheme);
    if (known == null) { // the first request of its scheme
      known = meters.computeIfAbsent(schemes.contains(scheme) ? scheme : NO_SCHEME, this::meters);
    }
    Meter meter = Objects.requireNonNull(known.get(kind));
    meter.requests.increment();
    meter.seconds.record(nanos, TimeUnit.NANOSECONDS);
  }
}
