package dev.usher.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.OrganizationId;
import dev.usher.event.SecretKey;
import dev.usher.event.Source;
import dev.usher.event.SourceId;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IngressMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final IngressMetrics metrics = new IngressMetrics(registry, Set.of("showpass"));

  private static Source source() {
    return new Source(
        new SourceId(UUID.randomUUID()),
        new OrganizationId(UUID.randomUUID()),
        "door",
        "showpass",
        List.of(new SecretKey("key", null)),
        Map.of(),
        List.of(),
        null,
        1);
  }

  private Collection<Counter> refusals() {
    return registry.find("usher.source.refused").counters();
  }

  private double refused(String source, Outcome.Kind kind) {
    return registry
        .get("usher.source.refused")
        .tag("source", source)
        .tag("outcome", kind.name().toLowerCase(Locale.ROOT))
        .counter()
        .count();
  }

  @Test
  void aSourceThatRefusesNothingCostsNoSeries() {
    int before = refusals().size();
    for (Outcome.Kind kind :
        List.of(
            Outcome.Kind.ACCEPTED,
            Outcome.Kind.DUPLICATE,
            Outcome.Kind.OVERLOADED,
            Outcome.Kind.UNAVAILABLE)) {
      metrics.answered(source(), kind, 1);
    }
    assertThat(refusals()).hasSize(before);
  }

  @Test
  void aRequestThatNamesNoSourceIsCountedUnderNone() {
    int before = refusals().size();
    metrics.answered(null, Outcome.Kind.UNAUTHENTICATED, 1);
    assertThat(refusals()).hasSize(before);
  }

  @Test
  void beyondTwoHundredSourcesTheRestIsCountedTogether() {
    for (int i = 0; i < IngressMetrics.MOST_SOURCES; i++) {
      metrics.answered(source(), Outcome.Kind.UNAUTHENTICATED, 1);
    }
    assertThat(refused("other", Outcome.Kind.UNAUTHENTICATED)).isZero();
    Source one = source();
    metrics.answered(one, Outcome.Kind.UNAUTHENTICATED, 1);
    metrics.answered(one, Outcome.Kind.INVALID, 1);
    assertThat(refused("other", Outcome.Kind.UNAUTHENTICATED)).isEqualTo(1);
    assertThat(refused("other", Outcome.Kind.INVALID)).isEqualTo(1);
    assertThat(registry.find("usher.source.refused").tag("source", one.id().toString()).counters())
        .isEmpty();
  }
}
