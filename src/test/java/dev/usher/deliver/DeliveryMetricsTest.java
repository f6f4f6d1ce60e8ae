package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Attempt;
import dev.usher.event.Attempt.Outcome;
import dev.usher.event.AttemptId;
import dev.usher.event.Delivery;
import dev.usher.event.EndpointId;
import dev.usher.event.Event;
import dev.usher.event.EventId;
import dev.usher.event.Hash128;
import dev.usher.event.OrganizationId;
import dev.usher.event.UuidV7;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DeliveryMetricsTest {
  private static final Instant ACCEPTED = Instant.parse("2026-01-01T00:00:00Z");

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final DeliveryMetrics metrics = new DeliveryMetrics(registry);

  private static EndpointId endpoint() {
    return new EndpointId(UUID.randomUUID());
  }

  /** The only attempt of a delivery, which began with the acceptance. */
  private void attempt(EndpointId endpoint, boolean success) {
    Event event =
        new Event(
            new EventId(UuidV7.lowest(ACCEPTED.toEpochMilli())),
            new OrganizationId(UUID.randomUUID()),
            null,
            "key",
            new Hash128(0, 0),
            new Hash128(0, 0),
            "invoice.purchase",
            null,
            "application/json",
            "",
            new byte[0]);
    Outcome outcome = success ? Outcome.SUCCEEDED : Outcome.HTTP_ERROR;
    metrics.attempted(endpoint, outcome, success ? 200 : 500, 1);
    metrics.judge(
        new Attempt(
            new AttemptId(UUID.randomUUID()),
            new Delivery(event, endpoint, 0, 1),
            1,
            outcome,
            success ? 200 : 500,
            null,
            null,
            ACCEPTED,
            Duration.ofMillis(10),
            null));
  }

  private Collection<Counter> countersOf(EndpointId endpoint) {
    return registry.find("usher.endpoint.attempts").tag("endpoint", endpoint.toString()).counters();
  }

  private double judged(String result) {
    return registry.get("usher.delivery.objective").tag("result", result).counter().count();
  }

  /** Endpoints as a large node has them: all that have meters of their own, and one more. */
  private EndpointId oneBeyondTheMeters() {
    IntStream.range(0, DeliveryMetrics.MOST_ENDPOINTS).forEach(_ -> attempt(endpoint(), true));
    EndpointId beyond = endpoint();
    attempt(beyond, true);
    assertThat(countersOf(beyond)).isEmpty();
    return beyond;
  }

  @Test
  void anEndpointThatOnlyFailsDoesNotHideHowTheOthersFareThatShareItsMeters() {
    EndpointId healthy = oneBeyondTheMeters();
    EndpointId dead = endpoint();
    IntStream.range(0, 50).forEach(_ -> attempt(dead, false));
    double before = judged("met");
    attempt(healthy, true);
    assertThat(judged("met") - before).isEqualTo(1);
  }

  @Test
  void anEndpointThatOnlyFailsIsNotHealthyBecauseTheOthersAreThatShareItsMeters() {
    EndpointId healthy = oneBeyondTheMeters();
    EndpointId dead = endpoint();
    for (int i = 0; i < 50; i++) {
      attempt(dead, false);
      IntStream.range(0, 20).forEach(_ -> attempt(healthy, true));
    }
    assertThat(judged("missed")).isEqualTo(3); // before it was known to fail
  }

  @Test
  void aDeletedEndpointLeavesItsMetersToAnother() {
    EndpointId deleted = endpoint();
    attempt(deleted, true);
    EndpointId beyond = oneBeyondTheMeters();
    metrics.forget(deleted);
    assertThat(countersOf(deleted)).isEmpty();
    attempt(beyond, true);
    assertThat(countersOf(beyond)).isNotEmpty();
  }
}
