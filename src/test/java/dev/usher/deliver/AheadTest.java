package dev.usher.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.deliver.EndpointRates.Slots;
import dev.usher.event.EndpointId;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AheadTest {
  private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

  @Test
  void whoAsksInTimeGetsWhatFitsBeforeTheHorizon() {
    assertThat(Ahead.slots(0, 10 * MILLI, 100)).isEqualTo(new Slots(10, 0, 10 * MILLI));
    assertThat(Ahead.slots(60 * MILLI, 10 * MILLI, 100))
        .isEqualTo(new Slots(4, 60 * MILLI, 10 * MILLI));
    assertThat(Ahead.slots(0, 10 * MILLI, 3)).isEqualTo(new Slots(3, 0, 10 * MILLI));
  }

  @Test
  void whatLiesTooFarAheadIsLeftToLater() {
    assertThat(Ahead.slots(81 * MILLI, MILLI, 1)).isEqualTo(new Slots(0, MILLI, MILLI));
  }

  @Test
  void oneASecondIsGivenAlthoughTheNextLiesBeyondTheHorizon() {
    assertThat(Ahead.slots(0, 1_000 * MILLI, 5)).isEqualTo(new Slots(1, 0, 1_000 * MILLI));
    assertThat(Ahead.slots(1_000 * MILLI, 1_000 * MILLI, 5).count()).isZero();
  }

  @Test
  void aNodesShareIsItsPartOfTheLoopsThatAreUp() {
    EndpointId endpoint = new EndpointId(new UUID(0, 1));
    SharedRates half = new SharedRates(2, () -> 4);
    assertThat(half.reserve(endpoint, 100, 1).await().everyNanos()).isEqualTo(20 * MILLI);
    SharedRates unaware = new SharedRates(2, () -> 0); // not counted yet
    assertThat(unaware.reserve(endpoint, 100, 1).await().everyNanos()).isEqualTo(10 * MILLI);
  }

  @Test
  void slotsOfANodesShareFollowEachOther() {
    SharedRates all = new SharedRates(1, () -> 1);
    EndpointId endpoint = new EndpointId(new UUID(0, 1));
    long before = System.nanoTime();
    int slots = 0;
    while (all.reserve(endpoint, 10, 1).await().count() == 1) {
      slots++;
    }
    long took = System.nanoTime() - before;
    assertThat(slots).isBetween(1, 2 + (int) (took / (100 * MILLI)));
  }
}
