package dev.usher.deliver;

import dev.usher.event.Attempt;
import dev.usher.event.Attempt.Outcome;
import dev.usher.event.EndpointId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** The meters of delivery, over all event loops of the process. */
public final class DeliveryMetrics {
  /** Endpoints with meters of their own; the rest count as {@code other}. */
  static final int MOST_ENDPOINTS = 200;

  /**
   * Endpoints whose health is known, each its own: one that fails among the others would make all
   * of them count as healthy, or none. Deliveries to further ones are not judged.
   */
  static final int MOST_JUDGED = 20_000;

  private static final List<String> STATUS_CLASSES =
      List.of("none", "1xx", "2xx", "3xx", "4xx", "5xx");

  private final MeterRegistry registry;
  private final Map<Outcome, Meters> outcomes = new EnumMap<>(Outcome.class);
  private final Timer delivered;
  private final Counter exhausted;
  private final Counter objectiveMet;
  private final Counter objectiveMissed;
  private final Map<EndpointId, Map<Outcome, Counter>> endpoints = new ConcurrentHashMap<>();
  private final Map<EndpointId, EndpointHealth> healths = new ConcurrentHashMap<>();
  private final Map<Outcome, Counter> others;

  /** One outcome's meters: a counter for each class of status, and the time that exchanges took. */
  private record Meters(List<Counter> attempts, Timer seconds) {}

  public DeliveryMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, meters(registry, outcome));
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
    objectiveMet = objective(registry, "met");
    objectiveMissed = objective(registry, "missed");
    others = counters("other");
  }

  private static Meters meters(MeterRegistry registry, Outcome outcome) {
    List<Counter> attempts =
        STATUS_CLASSES.stream()
            .map(
                statusClass ->
                    Counter.builder("usher.delivery.attempts")
                        .description("Attempts to deliver one event to one endpoint")
                        .tag("outcome", outcome.toString())
                        .tag("status_class", statusClass)
                        .register(registry))
            .toList();
    Timer seconds =
        Timer.builder("usher.delivery.attempt")
            .description("One exchange with an endpoint")
            .tag("outcome", outcome.toString())
            .serviceLevelObjectives(
                millis(5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 30_000))
            .register(registry);
    return new Meters(attempts, seconds);
  }

  void attempted(EndpointId endpoint, Outcome outcome, @Nullable Integer status, long nanos) {
    int statusClass = status == null ? 0 : Math.clamp(status / 100, 1, 5);
    Meters meters = Objects.requireNonNull(outcomes.get(outcome));
    meters.attempts.get(statusClass).increment();
    meters.seconds.record(nanos, TimeUnit.NANOSECONDS);
    Objects.requireNonNull(of(endpoint).get(outcome)).increment();
  }

  /** A delivery in hand goes back to the table unattempted: the endpoint's circuit is open. */
  void circuitOpen(EndpointId endpoint) {
    Objects.requireNonNull(outcomes.get(Outcome.CIRCUIT_OPEN)).attempts.getFirst().increment();
    Objects.requireNonNull(of(endpoint).get(Outcome.CIRCUIT_OPEN)).increment();
  }

  /** Shows how many endpoints are not attempted at present. */
  public void watch(Circuits circuits) {
    Gauge.builder("usher.delivery.circuits.open", circuits, Circuits::openCount)
        .description("Endpoints that this node does not attempt at present")
        .register(registry);
  }

  /** Shows how many event loops deliver, over all nodes that are up. */
  public void watchFleet(IntSupplier loops) {
    Gauge.builder("usher.fleet.event.loops", loops::getAsInt)
        .description("Event loops that deliver, over all nodes, as this node counted them")
        .register(registry);
  }

  void delivered(long millis) {
    delivered.record(Math.max(0, millis), TimeUnit.MILLISECONDS);
  }

  void exhausted() {
    exhausted.increment();
  }

  /** Counts the delivery as on time or late, once, where {@link Objective} can tell with this. */
  void judge(Attempt attempt) {
    EndpointHealth health = healthOf(attempt.delivery().endpoint());
    if (health == null) {
      return;
    }
    boolean healthy = health.isHealthy();
    health.saw(attempt);
    if (healthy) {
      switch (Objective.judge(attempt)) {
        case MET -> objectiveMet.increment();
        case MISSED -> objectiveMissed.increment();
        case OPEN -> {}
      }
    }
  }

  /** An endpoint is deleted: its place is free for another. */
  public void forget(EndpointId endpoint) {
    healths.remove(endpoint);
    Map<Outcome, Counter> counters = endpoints.remove(endpoint);
    if (counters != null) {
      counters.values().forEach(registry::remove);
    }
  }

  private Map<Outcome, Counter> of(EndpointId endpoint) {
    Map<Outcome, Counter> known = endpoints.get(endpoint);
    if (known != null) {
      return known;
    }
    // Two loops may pass the limit together: it is then passed by a few, once.
    return endpoints.size() >= MOST_ENDPOINTS
        ? others
        : endpoints.computeIfAbsent(endpoint, id -> counters(id.toString()));
  }

  private @Nullable EndpointHealth healthOf(EndpointId endpoint) {
    EndpointHealth known = healths.get(endpoint);
    if (known != null || healths.size() >= MOST_JUDGED) {
      return known;
    }
    return healths.computeIfAbsent(endpoint, _ -> new EndpointHealth());
  }

  private static Counter objective(MeterRegistry registry, String result) {
    return Counter.builder("usher.delivery.objective")
        .description(
            "Deliveries to healthy endpoints: successful within 10 s of acceptance, or not")
        .tag("result", result)
        .register(registry);
  }

  private Map<Outcome, Counter> counters(String endpoint) {
    Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);
    for (Outcome outcome : Outcome.values()) {
      counters.put(
          outcome,
          Counter.builder("usher.endpoint.attempts")
              .description("Attempts by endpoint; the first 200 endpoints of a node")
              .tag("endpoint", endpoint)
              .tag("outcome", outcome.toString())
              .register(registry));
    }
    return counters;
  }

  private static Duration[] millis(long... millis) {
    return Arrays.stream(millis).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
