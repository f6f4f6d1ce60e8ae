package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.event.Endpoint;
import dev.usher.event.EndpointId;
import dev.usher.event.OrganizationId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private static final Instant NOW = Instant.parse("2027-06-18T23:00:00Z");

  private final RetryPolicy policy =
      new RetryPolicy(
          List.of(Duration.ofSeconds(10), Duration.ofMinutes(5)), new SplittableRandom(1));

  private static Endpoint endpoint(@Nullable List<Duration> schedule) {
    return new Endpoint(
        new EndpointId(new UUID(0, 1)),
        new OrganizationId(new UUID(0, 2)),
        "e",
        URI.create("https://example.com/"),
        List.of("*"),
        Endpoint.Status.ACTIVE,
        List.of(),
        Endpoint.Signature.BOTH,
        Map.of(),
        null,
        schedule,
        null,
        null,
        false,
        null,
        null,
        1);
  }

  @Test
  void waitsFollowTheScheduleSpreadByAFifthAndThenEnd() {
    for (int i = 0; i < 200; i++) {
      assertThat(policy.next(endpoint(null), 1, null))
          .isBetween(Duration.ofSeconds(8), Duration.ofSeconds(12));
      assertThat(policy.next(endpoint(null), 2, null))
          .isBetween(Duration.ofMinutes(4), Duration.ofMinutes(6));
    }
    assertThat(policy.next(endpoint(null), 3, null)).isNull();
  }

  @Test
  void anEndpointsOwnScheduleWins() {
    Endpoint own = endpoint(List.of(Duration.ofHours(2)));
    assertThat(policy.next(own, 1, null)).isGreaterThan(Duration.ofHours(1));
    assertThat(policy.next(own, 2, null)).isNull();
  }

  @Test
  void retryAfterIsKeptToUpToAnHour() {
    assertThat(policy.next(endpoint(null), 1, Duration.ofMinutes(2)))
        .isEqualTo(Duration.ofMinutes(2));
    assertThat(policy.next(endpoint(null), 1, Duration.ofDays(365)))
        .isEqualTo(RetryPolicy.LONGEST_RETRY_AFTER);
    assertThat(policy.next(endpoint(null), 1, Duration.ofSeconds(1)))
        .isGreaterThan(Duration.ofSeconds(7));
  }

  @Test
  void retryAfterIsReadAsSecondsOrDateOn429And503Only() {
    assertThat(RetryAfter.of(429, "120", NOW)).isEqualTo(Duration.ofMinutes(2));
    assertThat(RetryAfter.of(503, "Fri, 18 Jun 2027 23:01:00 GMT", NOW))
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(RetryAfter.of(503, "Fri, 18 Jun 2027 22:00:00 GMT", NOW)).isNull();
    assertThat(RetryAfter.of(503, "99999999999999999999", NOW)).isGreaterThan(Duration.ofDays(365));
    assertThat(RetryAfter.of(500, "120", NOW)).isNull();
    assertThat(RetryAfter.of(429, "soon", NOW)).isNull();
    assertThat(RetryAfter.of(429, null, NOW)).isNull();
  }
}
