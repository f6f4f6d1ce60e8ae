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
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ObjectiveTest {
  private static final Instant ACCEPTED = Instant.parse("2026-01-01T00:00:00Z");

  /** The attempt that begins so long after the acceptance. */
  private static Attempt attempt(
      int number, Duration began, Duration took, boolean success, @Nullable Duration retryIn) {
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
    return new Attempt(
        new AttemptId(UUID.randomUUID()),
        new Delivery(event, new EndpointId(UUID.randomUUID()), number - 1, 1),
        number,
        success ? Outcome.SUCCEEDED : Outcome.HTTP_ERROR,
        success ? 200 : 500,
        null,
        null,
        ACCEPTED.plus(began),
        took,
        retryIn);
  }

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000));
  }

  private static Objective success(int number, double began, double took) {
    return Objective.judge(attempt(number, seconds(began), seconds(took), true, null));
  }

  private static Objective failure(int number, double began, double took, double retryIn) {
    return Objective.judge(attempt(number, seconds(began), seconds(took), false, seconds(retryIn)));
  }

  @Test
  void aSuccessWithinTenSecondsOfTheAcceptanceIsMet() {
    assertThat(success(1, 0, 0.1)).isEqualTo(Objective.MET);
    assertThat(success(1, 8, 2)).isEqualTo(Objective.MET);
    assertThat(success(1, 8, 2.001)).isEqualTo(Objective.MISSED);
  }

  @Test
  void aFailureWhoseRetryComesInTimeDecidesNothingAndTheRetryDoes() {
    assertThat(failure(1, 0, 0.1, 5)).isEqualTo(Objective.OPEN);
    assertThat(success(2, 5.1, 0.1)).isEqualTo(Objective.MET);
    assertThat(success(2, 9, 2)).isEqualTo(Objective.MISSED);
  }

  @Test
  void theFailureAfterWhichARetryComesTooLateDecidesAndTheRetryDoesNotAgain() {
    assertThat(failure(2, 5.1, 0.1, 300)).isEqualTo(Objective.MISSED);
    assertThat(success(3, 305, 0.1)).isEqualTo(Objective.OPEN);
    assertThat(failure(3, 305, 0.1, 1800)).isEqualTo(Objective.OPEN);
  }

  @Test
  void aDeliveryThatIsGivenUpAtOnceIsMissed() {
    Attempt last = attempt(1, Duration.ZERO, seconds(0.1), false, null);
    assertThat(Objective.judge(last)).isEqualTo(Objective.MISSED);
  }

  @Test
  void whatWeLeftLyingIsMissedAndWhatWasResentOrPausedIsNotJudged() {
    assertThat(success(1, 30, 0.1)).isEqualTo(Objective.MISSED);
    assertThat(success(1, 600, 0.1)).isEqualTo(Objective.MISSED);
    assertThat(success(1, 601, 0.1)).isEqualTo(Objective.OPEN);
  }

  @Test
  void anEndpointThatKeepsFailingIsSoonNotHealthyAndRecovers() {
    EndpointHealth health = new EndpointHealth();
    for (int failures = 1; failures <= 3; failures++) {
      assertThat(health.isHealthy()).isTrue();
      health.saw(attempt(1, Duration.ZERO, seconds(0.1), false, null));
    }
    assertThat(health.isHealthy()).isFalse();
    for (int successes = 1; successes <= 20; successes++) {
      health.saw(attempt(1, Duration.ZERO, seconds(0.1), true, null));
    }
    assertThat(health.isHealthy()).isTrue();
  }

  @Test
  void anEndpointThatAnswersSlowlyIsNotHealthyEither() {
    EndpointHealth health = new EndpointHealth();
    for (int answers = 1; answers <= 3; answers++) {
      health.saw(attempt(1, Duration.ZERO, seconds(6), true, null));
    }
    assertThat(health.isHealthy()).isFalse();
  }

  @Test
  void oneFailureInTenLeavesAnEndpointHealthy() {
    EndpointHealth health = new EndpointHealth();
    for (int i = 1; i <= 1_000; i++) {
      health.saw(attempt(1, Duration.ZERO, seconds(0.1), i % 10 != 0, null));
      assertThat(health.isHealthy()).isTrue();
    }
  }
}
