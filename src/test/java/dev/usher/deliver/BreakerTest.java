package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BreakerTest {
  private final Breaker breaker = new Breaker();
  private long now = -TimeUnit.SECONDS.toNanos(3); // the monotonic clock may stand anywhere

  private void pass(Duration time) {
    now += time.toNanos();
  }

  private boolean fail(int times, @Nullable Duration retryAfter) {
    boolean opened = false;
    for (int i = 0; i < times; i++) {
      opened = breaker.failed(now, retryAfter);
    }
    return opened;
  }

  @Test
  void tenFailuresInARowOpenItAndASuccessBetweenThemDoesNot() {
    assertThat(fail(9, null)).isFalse();
    breaker.succeeded();
    assertThat(fail(9, null)).isFalse();
    assertThat(breaker.enter(now)).isTrue();
    assertThat(fail(1, null)).isTrue();
    assertThat(breaker.enter(now)).isFalse();
    assertThat(breaker.isClosed()).isFalse();
  }

  @Test
  void afterThePauseOneIsLetThroughAndDecides() {
    fail(10, null);
    pass(Duration.ofMillis(999));
    assertThat(breaker.allows(now)).isFalse();
    pass(Duration.ofMillis(1));
    assertThat(breaker.allows(now)).isTrue();
    assertThat(breaker.enter(now)).isTrue();
    assertThat(breaker.enter(now)).isFalse();
    assertThat(breaker.allows(now)).isFalse();
    breaker.succeeded();
    assertThat(breaker.enter(now)).isTrue();
    assertThat(breaker.isClosed()).isTrue();
  }

  @Test
  void eachTryThatFailsDoublesThePauseUpToHalfAMinute() {
    fail(10, null);
    Duration pause = Breaker.SHORTEST_PAUSE;
    for (int i = 0; i < 10; i++) {
      pass(pause.minusNanos(1));
      assertThat(breaker.enter(now)).as("before %s", pause).isFalse();
      pass(Duration.ofNanos(1));
      assertThat(breaker.enter(now)).as("after %s", pause).isTrue();
      breaker.failed(now, null);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(Breaker.LONGEST_PAUSE) < 0 ? pause : Breaker.LONGEST_PAUSE;
    }
    assertThat(pause).isEqualTo(Breaker.LONGEST_PAUSE);
  }

  @Test
  void whatTheEndpointAsksForIsWaitedForUpToAnHour() {
    fail(10, Duration.ofDays(365));
    pass(Duration.ofMinutes(59));
    assertThat(breaker.enter(now)).isFalse();
    pass(Duration.ofMinutes(1));
    assertThat(breaker.enter(now)).isTrue();
  }

  @Test
  void whatWasBegunBeforeItOpenedChangesNothingWhenItFailsLater() {
    fail(10, null);
    assertThat(fail(5, null)).isFalse();
    pass(Breaker.SHORTEST_PAUSE);
    assertThat(breaker.enter(now)).isTrue();
  }
}
