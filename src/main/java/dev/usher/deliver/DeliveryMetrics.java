package dev.usher.deliver;

import dev.usher.event.Attempt.Outcome;
import dev.usher.event.EndpointId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The meters of delivery, over all event loops of the process. */
public final class DeliveryMetrics {
  /** Endpoints with meters of their own; the rest count as {@code other}. */
  static final int MOST_ENDPOINTS = 200;

  private static final String[] STATUS_CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  private final MeterRegistry registry;
  private final Counter[][] attempts = new Counter[Outcome.values().length][STATUS_CLASSES.length];
  private final Timer[] durations = new Timer[Outcome.values().length];
  private final Timer delivered;
  private final Counter exhausted;
  private final Map<EndpointId, Counter[]> endpoints = new ConcurrentHashMap<>();
  private final Counter[] others;

  public DeliveryMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Outcome outcome : Outcome.values()) {
      for (int i = 0; i < STATUS_CLASSES.length; i++) {
        attempts[outcome.ordinal()][i] =
            Counter.builder("usher.delivery.attempts")
                .description("Attempts to deliver one event to one endpoint")
                .tag("outcome", outcome.toString())
                .tag("status_class", STATUS_CLASSES[i])
                .register(registry);
      }
      durations[outcome.ordinal()] =
          Timer.builder("usher.delivery.attempt")
              .description("One exchange with an endpoint")
              .tag("outcome", outcome.toString())
              .serviceLevelObjectives(
                  millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 30_000))
              .register(registry);
    }
    delivered =
        Timer.builder("usher.delivery")
            .description("From the acceptance of an event to its first success at an endpoint")
            .serviceLevelObjectives(
                millis(
                    5,
                    10,
                    25,
                    50,
                    100,
                    250,
                    500,
                    1_000,
                    2_500,
                    5_000,
                    10_000,
                    60_000,
                    600_000,
                    3_600_000,
                    86_400_000))
            .register(registry);
    exhausted =
        Counter.builder("usher.deliveries.exhausted")
            .description("Deliveries given up after their last attempt")
            .register(registry);
    others = counters("other");
  }

  void attempted(EndpointId endpoint, Outcome outcome, @Nullable Integer status, long nanos) {
    int statusClass = status == null ? 0 : Math.clamp(status / 100, 1, 5);
    attempts[outcome.ordinal()][statusClass].increment();
    durations[outcome.ordinal()].record(nanos, TimeUnit.NANOSECONDS);
    of(endpoint)[outcome.ordinal()].increment();
  }

  void delivered(long millis) {
    delivered.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  void exhausted() {
    exhausted.increment();
  }

  private Counter[] of(EndpointId endpoint) {
    Counter[] known = endpoints.get(endpoint);
    if (known != null) {
      return known;
    }
    // Two loops may pass the limit together: it is then passed by a few, once.
    return endpoints.size() >= MOST_ENDPOINTS
        ? others
        : endpoints.computeIfAbsent(endpoint, id -> counters(id.toString()));
  }

  private Counter[] counters(String endpoint) {
    return Arrays.stream(Outcome.values())
        .map(
            outcome ->
                Counter.builder("usher.endpoint.attempts")
                    .description("Attempts by endpoint; the first 200 endpoints of a node")
                    .tag("endpoint", endpoint)
                    .tag("outcome", outcome.toString())
                    .register(registry))
        .toArray(Counter[]::new);
  }

  private static Duration[] millis(long... millis) {
    return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
