package dev.usher.ingress;

import dev.usher.event.Source;
import dev.usher.event.SourceId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The meters of the public door, over all event loops of the process. */
public final class IngressMetrics {
  /** The scheme of requests that name no source. */
  static final String NO_SCHEME = "unknown";

  /** Sources whose refusals are counted apart; the rest count as {@code other}. */
  static final int MOST_SOURCES = 200;

  private static final Duration[] BUCKETS =
      LongStream.of(1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_500, 10_000)
          .mapToObj(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** Refusals that are the sender's doing, and are counted by source. */
  private static final Set<Outcome.Kind> REFUSALS =
      Collections.unmodifiableSet(
          EnumSet.of(
              Outcome.Kind.CONFLICT,
              Outcome.Kind.INVALID,
              Outcome.Kind.UNAUTHENTICATED,
              Outcome.Kind.FORBIDDEN,
              Outcome.Kind.LIMITED));

  private record Meter(Counter requests, Timer seconds) {}

  private final MeterRegistry registry;
  private final Set<String> known;

  /** By scheme, of those that sources here use: each adds some 170 lines to every scrape. */
  private final Map<String, Map<Outcome.Kind, Meter>> schemes = new ConcurrentHashMap<>();

  private final Map<Outcome.Kind, Meter> unknown;
  private final Map<SourceId, Map<Outcome.Kind, Counter>> sources = new ConcurrentHashMap<>();
  private final Map<Outcome.Kind, Counter> otherSources;

  /**
   * @param schemes the names of all signature schemes
   */
  public IngressMetrics(MeterRegistry registry, Set<String> schemes) {
    this.registry = registry;
    known = schemes;
    unknown = meters(NO_SCHEME);
    otherSources = refusals(registry, "other");
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

  /**
   * @param source null where the request named none that exists
   */
  void answered(@Nullable Source source, Outcome.Kind kind, long nanos) {
    Meter meter =
        Objects.requireNonNull((source == null ? unknown : ofScheme(source.scheme())).get(kind));
    meter.requests.increment();
    meter.seconds.record(nanos, TimeUnit.NANOSECONDS);
    if (source != null && REFUSALS.contains(kind)) {
      Objects.requireNonNull(refusals(source.id()).get(kind)).increment();
    }
  }

  private Map<Outcome.Kind, Meter> ofScheme(String scheme) {
    Map<Outcome.Kind, Meter> meters = schemes.get(scheme);
    if (meters == null) { // the first request of its scheme, or a scheme of a newer version
      meters = known.contains(scheme) ? schemes.computeIfAbsent(scheme, this::meters) : unknown;
    }
    return meters;
  }

  private Map<Outcome.Kind, Counter> refusals(SourceId source) {
    Map<Outcome.Kind, Counter> known = sources.get(source);
    if (known != null) {
      return known;
    }
    // Two loops may pass the limit together: it is then passed by a few, once.
    return sources.size() >= MOST_SOURCES
        ? otherSources
        : sources.computeIfAbsent(source, id -> refusals(registry, id.toString()));
  }

  private static Map<Outcome.Kind, Counter> refusals(MeterRegistry registry, String source) {
    Map<Outcome.Kind, Counter> counters = new EnumMap<>(Outcome.Kind.class);
    for (Outcome.Kind kind : REFUSALS) {
      counters.put(
          kind,
          Counter.builder("usher.source.refused")
              .description("Refused requests by source; the first 200 sources of a node")
              .tag("source", source)
              .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
              .register(registry));
    }
    return counters;
  }
}
